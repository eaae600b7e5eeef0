// What is typed into a form is kept on this device until it was sent, so that a
// reload, a lost connection or a closed tab loses nothing.

const key = form => "draft " + form.dataset.draft;
const fields = form => [...form.elements].filter(e => e.name && e.name !== "do" && !e.name.startsWith("was."));
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
// and came back, all of it.
function keep(form) {
	const typed = fields(form).map((e, i) => [i, e.name, value(e)])
		.filter(([i, , now]) => form.hasAttribute("data-again") || String(now) !== String(first(fields(form)[i])));
	try {
		if (typed.length) localStorage.setItem(key(form), JSON.stringify({ at: Date.now(), typed }));
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

// give puts back what was typed, and says so.
function give(form) {
	if (form.dataset.drafted) return;
	form.dataset.drafted = "yes";
	let kept;
	try { kept = JSON.parse(localStorage.getItem(key(form))); } catch { return; }
	if (!kept || form.hasAttribute("data-again")) return;
	const all = fields(form);
	let given = 0;
	for (const [i, name, text] of kept.typed) {
		const e = all[i]?.name === name ? all[i] : all.find(e => e.name === name);
		if (e && String(value(e)) !== String(text)) { put(e, text); given++; }
	}
	if (!given) return;
	const p = document.createElement("p"), button = document.createElement("button");
	p.className = "notice given";
	p.setAttribute("role", "status");
	p.textContent = `What you typed ${ago(kept.at)} is back. `;
	button.type = "button";
	button.className = "quiet";
	button.textContent = "Start over";
	button.addEventListener("click", () => { drop(form); form.reset(); p.remove(); });
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

// A form that the browser sends itself is done when the next page lacks it.
document.addEventListener("submit", event => {
	if (event.target.dataset.draft && !event.target.hasAttribute("hx-post")) {
		keep(event.target);
		waiting.delete(event.target);
		sessionStorage.setItem("sent", event.target.dataset.draft);
	}
});
const sent = sessionStorage.getItem("sent");
sessionStorage.removeItem("sent");
if (sent && ![...document.querySelectorAll("form[data-draft]")].some(f => f.dataset.draft === sent)) localStorage.removeItem("draft " + sent);

const all = () => document.querySelectorAll("form[data-draft]").forEach(give);
all();
document.addEventListener("htmx:after:swap", all);
