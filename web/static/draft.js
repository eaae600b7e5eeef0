// What is typed into a form is kept on this device until it was saved, so that a
// reload, a lost connection or a closed tab loses nothing. It is given back to the
// same person alone.

const key = form => `draft ${document.body.dataset.person} ${form.dataset.draft}`;
const isBefore = e => e.name === "once" || e.name.startsWith("was.");
const fields = form => [...form.elements].filter(e => e.name && e.name !== "do" && !isBefore(e));
const befores = form => [...form.elements].filter(isBefore);
const value = e => e.type === "checkbox" ? String(e.checked) : e.multiple ? [...e.selectedOptions].map(o => o.value) : e.value;
const first = e => e.type === "checkbox" ? String(e.defaultChecked)
	: e.options ? (e.multiple ? [...e.options].filter(o => o.defaultSelected).map(o => o.value) : ([...e.options].find(o => o.defaultSelected) ?? e.options[0])?.value)
	: e.defaultValue;

function put(e, text) {
	if (e.type === "checkbox") e.checked = text === "true";
	else if (e.multiple) for (const o of e.options) o.selected = text.includes(o.value);
	else e.value = text;
}

// keep notes what differs from what the form came with; in a form that was sent
// and came back, all of it. With it goes what stood there before: what others save
// meanwhile clashes, and is not written over; and the name of what is new: sent again, it is added once.
function keep(form) {
	const typed = fields(form).map((e, i) => [i, e.name, value(e)])
		.filter(([i, , now]) => form.hasAttribute("data-again") || String(now) !== String(first(fields(form)[i])));
	try {
		if (typed.length) localStorage.setItem(key(form), JSON.stringify({ at: Date.now(), typed, was: befores(form).map(e => [e.name, e.value]) }));
		else localStorage.removeItem(key(form));
	} catch { /* storage is full or shut: the form still works */ }
}

function drop(form) {
	localStorage.removeItem(key(form));
}

function ago(at) {
	const minutes = Math.round((Date.now() - at) / 60000);
	return minutes < 1 ? "a moment ago" : minutes < 90 ? `${minutes} min ago` : minutes < 2160 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} days ago`;
}

const asked = new WeakSet(); // no attribute of the form, which drawing it anew would take away

// give puts back what was typed, and says so.
function give(form) {
	if (asked.has(form)) return;
	asked.add(form);
	if (form.hasAttribute("data-again")) return keep(form);
	let kept;
	try { kept = JSON.parse(localStorage.getItem(key(form))); } catch { return; }
	if (!kept) return;
	const all = fields(form);
	let given = 0;
	for (const [i, name, text] of kept.typed) {
		const e = all[i]?.name === name ? all[i] : all.find(e => e.name === name);
		if (e && String(value(e)) !== String(text)) { put(e, text); given++; }
	}
	if (!given) return;
	const now = befores(form).map(e => [e, e.value]);
	for (const [name, text] of kept.was ?? []) for (const [e] of now) if (e.name === name) e.value = text;
	const p = document.createElement("p"), button = document.createElement("button");
	p.className = "notice given";
	p.setAttribute("role", "status");
	p.textContent = `What you typed ${ago(kept.at)} is back. `;
	button.type = "button";
	button.className = "quiet";
	button.textContent = "Start over";
	button.addEventListener("click", () => { drop(form); form.reset(); now.forEach(([e, text]) => { e.value = text; }); p.remove(); });
	p.append(button);
	form.prepend(p);
}

const waiting = new Map();
document.addEventListener("input", event => {
	const form = event.target.closest?.("form[data-draft]");
	if (!form) return;
	clearTimeout(waiting.get(form));
	waiting.set(form, setTimeout(() => keep(form), 150));
});
addEventListener("pagehide", () => document.querySelectorAll("form[data-draft]").forEach(form => { if (waiting.has(form)) keep(form); }));

document.addEventListener("debrief:sent", event => {
	clearTimeout(waiting.get(event.target));
	waiting.delete(event.target);
	drop(event.target);
});

// A form that the browser sends itself is done when the next page lacks it and is
// not about a problem.
function leave(form) {
	keep(form);
	waiting.delete(form);
	sessionStorage.setItem("sent", key(form));
}
document.addEventListener("submit", event => {
	if (event.target.dataset.draft && !event.target.hasAttribute("hx-post")) leave(event.target);
});
document.addEventListener("debrief:leave", event => leave(event.target));
const sent = sessionStorage.getItem("sent");
sessionStorage.removeItem("sent");
if (sent && !document.querySelector("[data-problem]") && ![...document.querySelectorAll("form[data-draft]")].some(f => key(f) === sent)) localStorage.removeItem(sent);

const all = () => document.querySelectorAll("form[data-draft]").forEach(give);
all();
document.addEventListener("htmx:after:swap", all);
