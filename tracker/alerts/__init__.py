"""Alerts on their way out: templates, times, and the channels that take messages.

    templates.check(source, Form.HTML)         what is wrong with a template, with its line
    wording.write(document, alert, form)       title and body of a message
    times.is_quiet(...), times.next_digest(...)
    channels.deliver(channel, message)         Delivered or Undelivered

The only room beside `fetch` that opens sockets: to the channels of alerts.yaml and nowhere else, through Apprise, and
for e-mail through smtplib, since Apprise gives each e-mail an id of its own. It decides neither what is told nor
whether it was told before (`tracker.pipeline.alerting`), and keeps nothing.
"""
