// The command palette: Ctrl-K, or / where nothing is typed. A dialog with a
// combobox over what /palette finds; the list is that page's own.

// A dialog that was just closed may hold the focus until the page is drawn again.
const typing = e => !e.closest?.("dialog:not([open])") && e.closest?.("input, textarea, select, [contenteditable]");
let dialog, input, list, says, asked, timer, all = [], at = 0;

function build() {
	dialog = document.createElement("dialog");
	dialog.id = "palette";
	dialog.setAttribute("aria-label", "Find");
	input = document.createElement("input");
	for (const [name, value] of Object.entries({
		id: "palette-input", type: "text", role: "combobox", "aria-label": "Incidents, actions, people, commands", "aria-autocomplete": "list",
		"aria-controls": "palette-list", "aria-expanded": "true", autocomplete: "off", spellcheck: "false", maxlength: "200", placeholder: "Find, go, do…",
	})) input.setAttribute(name, value);
	list = document.createElement("ul");
	list.id = "palette-list";
	list.setAttribute("role", "listbox");
	list.setAttribute("aria-label", "Found");
	says = document.createElement("p");
	says.className = "note";
	says.setAttribute("role", "status");
	dialog.append(input, list, says);
	document.body.append(dialog);
	input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
	input.addEventListener("keydown", key);
	list.addEventListener("click", event => choose([...list.children].indexOf(event.target.closest("[role=option]")), event));
	dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
	dialog.addEventListener("close", () => { clearTimeout(timer); asked?.abort(); });
}

function open() {
	if (!dialog) build();
	if (dialog.open) return input.select();
	input.value = "";
	draw([]);
	dialog.showModal();
	ask();
}

async function ask() {
	asked?.abort();
	asked = new AbortController();
	const { signal } = asked;
	try {
		const answer = await fetch("/palette?q=" + encodeURIComponent(input.value), { signal });
		if (answer.status === 401) return say("You are signed out.");
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		if (signal.aborted) return;
		draw([...page.querySelectorAll("#found > li")].filter(li => li.dataset.command !== "keys" || document.getElementById("keys")));
		say(all.length ? `${all.length} found.` : "Nothing is found.");
	} catch (error) {
		if (error.name !== "AbortError") say("There is no connection.");
	}
}

function say(text) { says.textContent = text; }

function draw(items) {
	all = items;
	list.replaceChildren(...items.map((item, i) => {
		const option = document.createElement("li");
		option.id = "palette-" + i;
		option.setAttribute("role", "option");
		for (const piece of item.querySelectorAll(".number, .title, small")) option.append(document.importNode(piece, true), " ");
		return option;
	}));
	mark(0);
}

function mark(i) {
	at = all.length ? (i + all.length) % all.length : 0;
	[...list.children].forEach((option, j) => option.setAttribute("aria-selected", String(j === at)));
	if (all.length) input.setAttribute("aria-activedescendant", "palette-" + at);
	else input.removeAttribute("aria-activedescendant");
	list.children[at]?.scrollIntoView({ block: "nearest" });
}

function choose(i, event) {
	const item = all[i], link = item?.querySelector("a"), form = item?.querySelector("button")?.getAttribute("form");
	if (!item) return;
	if (link && (event.ctrlKey || event.metaKey)) return window.open(link.getAttribute("href"), "_blank", "noopener");
	dialog.close();
	if (link) location.assign(link.getAttribute("href"));
	else if (form) document.getElementById(form).requestSubmit();
	else {
		const show = () => document.getElementById(item.dataset.command).showModal();
		if (event.type === "keydown") document.addEventListener("keyup", show, { once: true, capture: true }); // else the key presses its button
		else show();
	}
}

function key(event) {
	const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: event.ctrlKey ? 0 : null, End: event.ctrlKey ? -1 : null }[event.key];
	if (typeof to === "number") { event.preventDefault(); mark(to); }
	else if (event.key === "Enter") { event.preventDefault(); choose(at, event); }
}

document.addEventListener("keydown", event => {
	const ctrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
	const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
	if (!ctrlK && !slash || document.querySelector("dialog[open]:not(#palette)")) return;
	event.preventDefault();
	open();
});

document.addEventListener("click", event => {
	if (!event.target.closest?.("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
	event.preventDefault();
	open();
});
