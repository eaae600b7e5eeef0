// The timeline from the keyboard: n opens a new entry, Ctrl+Enter saves it and opens the next, l notes a line, g goes
// to a time, Alt with arrows moves an entry among those of its time, ? lists the keys. Also: dragging.

const typing = e => e.closest?.("input, textarea, select, [contenteditable]");
const text = () => document.getElementById("form-timeline-new-text");
const source = event => event.detail?.ctx?.sourceElement;
let wantText = false, next = false, moved = null, noted = "";

function open() {
	if (text()) return text().focus();
	const add = document.querySelector('#record .edit[href$="/parts/timeline"]');
	if (!add) return;
	document.dispatchEvent(new Event("debrief:awaits"));
	if (!add.hasAttribute("data-htmx-powered")) return setTimeout(open, 50); // the page is still waking up
	wantText = true;
	add.click();
}

function step(entry, name) {
	const button = entry.querySelector(`.order button[value="${name}"]`);
	if (!button) return;
	moved = { id: entry.id, name };
	button.form.requestSubmit(button);
}

const keys = {
	n: open,
	l: () => document.getElementById("quick-line")?.focus(),
	g: () => document.getElementById("jump-to")?.focus(),
	"?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", event => {
	if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
		next = event.target.closest?.("form")?.id === "form-timeline-new";
		return;
	}
	if (event.ctrlKey || event.metaKey || typing(event.target) || document.querySelector("dialog[open]")) return;
	const entry = event.target.closest?.(".entry");
	if (event.altKey) {
		const name = { ArrowUp: "earlier", ArrowDown: "later" }[event.key];
		if (!name || !entry?.querySelector(".order")) return;
		event.preventDefault();
		step(entry, name);
	} else if (keys[event.key] && document.getElementById("record")) {
		event.preventDefault();
		keys[event.key]();
	}
}, true);

document.addEventListener("click", event => {
	const button = event.target.closest?.(".order button");
	if (button) moved = { id: button.closest(".entry").id, name: button.value };
});

document.addEventListener("htmx:before:request", event => {
	if (source(event)?.id === "quick") noted = document.getElementById("quick-line").value;
});

document.addEventListener("htmx:after:swap", event => {
	const form = source(event);
	if (form?.id === "quick") {
		const line = document.getElementById("quick-line"), saved = event.detail.ctx.response?.status < 400;
		if (line?.value === noted) { // else the next one is being typed
			form.dispatchEvent(new CustomEvent("debrief:sent", { bubbles: true }));
			line.value = "";
			document.getElementById("quick-read")?.replaceChildren();
		} else if (saved && line?.value.startsWith(noted)) line.setRangeText("", 0, noted.length);
		if (saved) line?.focus();
		else text()?.closest("form").querySelector("[aria-invalid]")?.focus();
	}
	const dropped = form?.id === "record" && event.detail.ctx.request?.method?.toUpperCase() === "POST"; // else others changed it
	if (moved && (dropped || form?.matches?.(".order"))) {
		const entry = document.getElementById(moved.id), { name } = moved;
		moved = null;
		(entry?.querySelector(`.order button[value="${name}"]`) ?? entry?.querySelector(".order button, .edit"))?.focus({ preventScroll: true });
		entry?.scrollIntoView({ block: "nearest" });
		const says = document.getElementById("moved");
		if (says) says.textContent = name ? `Moved ${name}.` : "Moved.";
	}
	if (wantText && text()) {
		wantText = false;
		text().focus();
		text().scrollIntoView({ block: "center" });
	}
	if (next && !text()) {
		next = false;
		setTimeout(open);
	}
});

document.addEventListener("submit", async event => {
	if (event.target.id !== "jump") return;
	event.preventDefault();
	const to = document.getElementById("jump-to"), says = document.getElementById("jump-read");
	const answer = await fetch(`${event.target.action}?to=${encodeURIComponent(to.value)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
	const id = answer?.ok && await answer.text(), entry = id && document.getElementById(id);
	says.textContent = entry ? "" : answer ? "That is no time that can be read: write it as 02:42 or 18 July 02:42." : "There is no connection.";
	if (!entry) return;
	location.hash = id;
	entry.setAttribute("tabindex", "-1");
	entry.focus({ preventScroll: true });
});

let dragged = null;
document.addEventListener("dragstart", event => {
	dragged = event.target.closest?.(".grip")?.closest(".entry") ?? null;
	if (dragged) { event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setDragImage(dragged, 0, 0); }
});
const over = event => {
	const entry = dragged && event.target.closest?.(".entry[data-at]");
	return entry && entry !== dragged && entry.dataset.at === dragged.dataset.at ? entry : null;
};
document.addEventListener("dragover", event => { if (over(event)) event.preventDefault(); });
document.addEventListener("drop", event => {
	const entry = over(event), form = dragged?.querySelector(".order");
	if (!entry || !form) return;
	event.preventDefault();
	moved = { id: dragged.id, name: "" };
	htmx.ajax("POST", form.action, { source: "#record", target: "#record", select: "#record", swap: "outerMorph", values: { id: dragged.id, to: entry.id } });
	dragged = null;
});
