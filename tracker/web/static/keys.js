// Keys: "/" goes to the search, j and k (or the arrows with Alt) from event to event, Enter opens, ? tells them all.
// It changes no page that works without it.
const lines = () => [...document.querySelectorAll(".event .sentence a, [data-item] a:first-of-type")];
let at = -1;

function go(step) {
  const all = lines();
  if (!all.length) return;
  const focused = all.indexOf(document.activeElement);
  at = Math.min(Math.max((focused < 0 ? at : focused) + step, 0), all.length - 1);
  all[at].focus();
  all[at].scrollIntoView({ block: "nearest" });
}

const keys = {
  "/": () => document.querySelector("[data-key='/']")?.focus(),
  j: () => go(1),
  k: () => go(-1),
  n: () => document.querySelector("a[rel=next]")?.click(),
  p: () => document.querySelector("a[rel=prev]")?.click(),
  g: () => document.querySelector(".brand")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});
