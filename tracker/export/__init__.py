"""What leaves the tracker as files in forms that others read.

`formats` is the table of forms of the timeline, `manifest` says what a file holds and whether it still does, `warc`
writes pages as a WARC file. It reads no database and no configuration: what is written is handed in.
"""
