// Suggestions below a search box: an editable combobox with a list box (WAI-ARIA 1.2). Without this script, or where
// anything fails, the box is a plain search box.

const WAIT = 150;
const LEAST = 2;
const REMEMBERED = 50;
const HOW = "Use the up and down arrow keys to go through them and Enter to open one.";

let boxes = 0;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.name = `suggestions-${++boxes}`;
    this.answers = new Map();
    this.items = [];
    this.active = -1;
    this.list = this.made("ul", "app-suggest", { id: this.name, role: "listbox", "aria-label": "Suggestions" });
    this.list.hidden = true;
    this.status = this.made("div", "govuk-visually-hidden", { role: "status", "aria-live": "polite" });
    input.parentElement.append(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.name,
      "aria-haspopup": "listbox",
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", (event) => event.isComposing || this.typed());
    input.addEventListener("compositionend", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.open(Number(option.dataset.place));
    });
  }

  made(tag, className, attributes = {}, text = "") {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  typed() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.items = [];
    const text = this.input.value.trim().replace(/\s+/g, " ");
    if (text.length < LEAST) {
      this.close();
    } else {
      this.timer = setTimeout(() => this.ask(text), WAIT);
    }
  }

  async ask(text) {
    this.asked = new AbortController();
    const { signal } = this.asked;
    try {
      let found = this.answers.get(text);
      if (!found) {
        const address = `${this.input.dataset.suggest}?${new URLSearchParams({ q: text })}`;
        const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        found = (await answer.json()).suggestions;
        if (this.answers.size >= REMEMBERED) this.answers.clear();
        this.answers.set(text, found);
      }
      if (!signal.aborted && document.activeElement === this.input) this.show(found);
    } catch {
      if (!signal.aborted) this.close();
    }
  }

  show(found) {
    this.items = found.filter(({ address }) => /^\/(?!\/)/.test(address));
    this.list.replaceChildren(...this.items.map((item, place) => this.option(item, place)));
    this.choose(-1);
    const some = this.items.length > 0;
    this.list.hidden = !some;
    this.input.setAttribute("aria-expanded", String(some));
    const number = this.items.length === 1 ? "1 suggestion is" : `${this.items.length} suggestions are`;
    this.status.textContent = some ? `${number} shown. ${HOW}` : "There are no suggestions.";
  }

  option({ title, kindTitle, note }, place) {
    const option = this.made("li", "app-suggest__option", {
      id: `${this.name}-${place}`,
      role: "option",
      "aria-selected": "false",
      "data-place": place,
    });
    const line = this.made("span", "app-suggest__title", {}, title);
    const kind = this.made("span", "app-suggest__kind", {}, note ? `${kindTitle}: ${note}` : kindTitle);
    option.append(line, " ", kind);
    return option;
  }

  choose(place) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const option = this.list.children[place];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const shown = !this.list.hidden;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.items.length) {
      event.preventDefault();
      if (!shown) this.show(this.items);
      // Before the first and behind the last stands the box itself.
      const places = this.items.length + 1;
      this.choose(((this.active + 1 + steps[event.key] + places) % places) - 1);
    } else if (event.key === "Enter" && shown && this.active >= 0) {
      event.preventDefault();
      this.open(this.active);
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Tab") {
      this.close();
    }
  }

  open(place) {
    const item = this.items[place];
    this.close();
    if (item) window.location.assign(item.address);
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
    this.choose(-1);
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Suggestions(input);
