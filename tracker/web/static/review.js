// Keys where people decide: each presses the button or follows the link that carries it (data-key), opens the tool that
// it belongs to (data-opens), or asks for the reason first. Without scripts the same buttons work.
let waiting = null; // the button that waits for its reason

function shown(element) {
  return element.getClientRects().length > 0;
}

function find(selector, name, key) {
  const carries = (element) => element.dataset[name].split(" ").includes(key);
  return [...document.querySelectorAll(selector)].find((element) => carries(element) && shown(element));
}

function press(button) {
  if (button.tagName === "A") return button.click();
  const why = button.form?.querySelector("[data-why]");
  if (why?.required && !button.formNoValidate && !why.value.trim()) return ask(button, why);
  button.form.requestSubmit(button);
}

function ask(button, why) {
  waiting = button;
  button.form.classList.add("asks");
  hint(button.form, `Say why, then Enter: ${button.firstChild.textContent.trim()}. Escape leaves it.`);
  why.focus();
}

function hint(form, words) {
  const line = form.querySelector(".hint") ?? document.createElement("span");
  line.className = "hint";
  line.setAttribute("role", "status");
  line.textContent = words;
  form.querySelector(".acts").append(line);
}

function forget() {
  waiting?.form.classList.remove("asks");
  waiting?.form.querySelector(".hint")?.remove();
  waiting = null;
}

function open(tool) {
  tool.open = !tool.open;
  if (!tool.open) return tool.querySelector("summary").focus();
  tool.scrollIntoView({ block: "nearest" });
  tool.querySelector("select, input:not([type=hidden])")?.focus();
}

function typed(event) {
  if (event.key === "Escape") {
    forget();
    return event.target.blur();
  }
  // Enter in a reason decides what was asked for; where nothing was, the only thing that there is.
  if (event.key !== "Enter" || !event.target.matches("[data-why]")) return;
  const buttons = [...event.target.form.querySelectorAll("button[name=act]")];
  const button = waiting?.form === event.target.form ? waiting : buttons.length === 1 ? buttons[0] : null;
  event.preventDefault();
  if (button) button.form.requestSubmit(button);
  else hint(event.target.form, "Choose what to decide: Escape, then its key.");
}

// Before keys.js, which knows j and k for lists.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select")) return typed(event);
    const button = find("button[data-key], a[data-key]", "key", event.key);
    const tool = button ? null : find("details[data-opens]", "opens", event.key);
    if (!button && !tool) return;
    event.preventDefault();
    if (button) press(button);
    else open(tool);
  },
  true,
);

// One decision is sent once.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
  event.target.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A tool that the address names is open.
function unfold() {
  const named = document.getElementById(location.hash.slice(1));
  if (named?.matches("details")) named.open = true;
}
window.addEventListener("hashchange", unfold);
unfold();

// The key comes behind the # of the address, which no server sees; it does not stay there.
const key = document.querySelector("[data-hash]");
if (key && location.hash.length > 1) {
  key.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  document.getElementById("name").focus();
}
