// What others change appears without a reload. The page's element with
// data-live names a stream of events; when one tells of a change, the page is
// asked for again and morphed: what is open, focused or unfolded stays, and a
// form with data-steady waits until nobody points at it or is in it.

const together = 200, apart = 1000, marked = 8000; // milliseconds
const root = () => document.querySelector("main [data-live]");
const version = () => Number(new URL(root().dataset.live, location).searchParams.get("version"));
let source, timer, last = 0, again = 5000, lostTimer, gone = false, waited = false;
let due = { version: 0, says: [], parts: new Set() };
const fresh = new Map(); // part → until when it is marked

function element(name, parent, properties) {
	return parent.appendChild(Object.assign(document.createElement(name), properties));
}

// The corner says who is here and whether the page is up to date; changes are also told to those who don't see them.
const corner = element("aside", document.createDocumentFragment(), { className: "live", ariaLabel: "Live" });
const here = element("p", corner, { className: "here", hidden: true });
const lost = element("p", corner, { className: "lost", role: "status", hidden: true });
const spoken = element("p", corner, { className: "unseen", role: "status" });

function show(p, text) {
	if (p.textContent !== text) p.textContent = text;
	p.hidden = !text;
}

function connected(is) {
	if (!is) {
		lostTimer ??= setTimeout(() => show(lost, "No connection. What others change does not show here for now."), 2500);
		return;
	}
	clearTimeout(lostTimer);
	lostTimer = undefined;
	again = 5000;
	show(lost, "");
}

function open() {
	if (source || gone || !root() || document.visibilityState !== "visible") return;
	source = new EventSource(root().dataset.live);
	source.onopen = () => connected(true);
	source.onerror = () => {
		connected(false);
		if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
		close();
		setTimeout(open, again);
		again = Math.min(2 * again, 60000);
	};
	source.addEventListener("changed", event => changed(JSON.parse(event.data)));
	source.addEventListener("here", event => {
		const names = JSON.parse(event.data);
		show(here, names.length ? "Also here: " + names.join(", ") : "");
	});
	source.addEventListener("gone", () => {
		gone = true;
		close();
		show(here, "");
		show(lost, "This incident is not open to you any more.");
	});
}

// close lets the connection go: a browser has six for one server, and what is hidden needs none.
function close() {
	source?.close();
	source = undefined;
}

function changed(told) {
	due.version = Math.max(due.version, told.version ?? 0);
	if (told.says) due.says.push(told.says);
	for (const id of told.parts ?? []) due.parts.add(id);
	soon(together);
}

function soon(wait) {
	timer ??= setTimeout(refresh, Math.max(wait, last + apart - Date.now()));
}

const choosing = () => root().querySelector(".editing") || [...root().querySelectorAll("input")].some(i => i.checked !== i.defaultChecked && !i.closest("[data-open]"));

async function refresh() {
	const busy = [...root().querySelectorAll("form[data-steady]:is(:hover, :focus-within)")];
	if (choosing() || waited && busy.length && !due.version) {
		timer = undefined;
		return soon(3000);
	}
	last = Date.now();
	waited = busy.length > 0;
	for (const form of busy) form.setAttribute("data-open", "");
	const now = due;
	due = { version: 0, says: [], parts: new Set() };
	try {
		if (!now.version || version() < now.version) await redraw();
		if (now.version && version() < now.version) throw new Error("an older page came");
	} catch {
		due.version = Math.max(due.version, now.version);
		due.says.unshift(...now.says);
		for (const id of now.parts) due.parts.add(id);
		timer = undefined;
		return soon(3000);
	} finally {
		for (const form of busy) form.removeAttribute("data-open");
	}
	timer = undefined;
	if (due.says.length || due.version > now.version) soon(together);
	else if (waited) soon(3000);
	for (const id of now.parts) fresh.set(id, Date.now() + marked);
	mark();
	if (now.says.length) spoken.textContent = now.says.join(". ") + ".";
}

function redraw() {
	const to = "#" + root().id;
	return htmx.ajax("GET", root().dataset.again ?? location.pathname + location.search, { source: to, target: to, select: to, swap: "outerMorph" });
}

function mark() {
	for (const [id, until] of fresh) {
		const over = until <= Date.now();
		document.getElementById(id)?.classList.toggle("fresh", !over);
		if (over) fresh.delete(id);
	}
	if (fresh.size) setTimeout(mark, 1000);
}

if (root()) {
	document.body.append(corner);
	document.addEventListener("htmx:after:swap", mark);
	htmx.registerExtension("live", { // morphing asks extensions alone
		htmx_before_morph_attr: (e, { attrName }) => !(attrName === "open" && e.localName === "details" // people fold, not we
			|| attrName === "tabindex" && e === document.activeElement), // else the focus is gone
	});

	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "visible") return open();
		close();
		show(here, "");
	});
	open();
}
