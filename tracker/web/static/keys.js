// Keys: "/" goes to the search, j and k from line to line, Enter or o opens, ? tells them all.
//
// A line is what has the class "event" or `data-item`; its first link is what is gone to. Keys that mean something in a
// field are left to it, and no page needs them.
const HELP = [
  ["/", "to the search"],
  ["j, k", "next line, line before"],
  ["o, Enter", "open the line"],
  ["n, p", "next page, page before"],
  ["f", "to what the list can be narrowed by"],
  ["g", "to the timeline"],
  ["?", "this list"],
  ["Esc", "out of a field, or of this list"],
];
const FIELDS = "input, textarea, select, [contenteditable]";
let at = -1;

function lines() {
  const items = [...document.querySelectorAll(".event, [data-item]")];
  return items.map((item) => item.querySelector("a[href]")).filter((link) => link?.checkVisibility());
}

function go(step) {
  const all = lines();
  if (!all.length) return;
  const focused = all.indexOf(document.activeElement);
  at = Math.min(Math.max((focused < 0 ? at : focused) + step, 0), all.length - 1);
  all[at].focus();
  all[at].scrollIntoView({ block: "nearest" });
}

function narrow() {
  const panels = document.querySelector(".filters");
  if (!panels) return;
  panels.open = true;
  panels.querySelector("[aria-current], .facet[open] li a, .facet summary")?.focus();
}

function help() {
  const held = document.querySelector("dialog.keys");
  if (held) return held.open ? held.close() : held.showModal();
  const dialog = document.createElement("dialog");
  const head = document.createElement("h2");
  const list = document.createElement("dl");
  const form = document.createElement("form");
  const close = document.createElement("button");
  head.textContent = "Keys";
  head.id = "keys-head";
  for (const [key, words] of HELP) {
    const term = document.createElement("dt");
    const meaning = document.createElement("dd");
    for (const [place, one] of key.split(", ").entries()) {
      const cap = document.createElement("kbd");
      cap.textContent = one;
      term.append(place ? " " : "", cap);
    }
    meaning.textContent = words;
    list.append(term, meaning);
  }
  close.textContent = "Close";
  form.method = "dialog";
  form.append(close);
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", head.id);
  dialog.append(head, list, form);
  document.body.append(dialog);
  dialog.showModal();
}

const keys = {
  "/": () => document.querySelector("[data-key='/']")?.focus(),
  j: () => go(1),
  k: () => go(-1),
  o: () => lines().includes(document.activeElement) && document.activeElement.click(),
  n: () => document.querySelector("a[rel=next]")?.click(),
  p: () => document.querySelector("a[rel=prev], a[rel=first]")?.click(),
  f: narrow,
  g: () => document.querySelector(".brand")?.click(),
  "?": help,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest(FIELDS)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (keys[event.key] && (event.key === "?" || !document.querySelector("dialog[open]"))) {
    event.preventDefault();
    keys[event.key]();
  }
});
