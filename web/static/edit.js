// Forms in place. A link with class edit brings its form to where the thing
// stands (htmx does that); here its place is held open while others change the
// page, what went wrong is said in the form, and the way back is kept.

const holder = form => form.parentElement?.closest("#record [id]");

// hold keeps the places of open forms from being redrawn.
function hold() {
	for (const place of document.querySelectorAll("[data-open]")) {
		if (!place.querySelector(".form")) place.removeAttribute("data-open");
	}
	for (const form of document.querySelectorAll("#record .form")) {
		const place = holder(form);
		if (place && !place.hasAttribute("data-open")) {
			place.setAttribute("data-open", "");
			form.querySelector("[aria-invalid], .control :is(input, textarea, select)")?.focus();
		}
	}
}

// redraw shows the record as it stands now.
function redraw() {
	return htmx.ajax("GET", location.pathname, { source: "#record", target: "#record", select: "#record", swap: "outerMorph" });
}

// back gives the focus to the link that a form came by, or to the one that adds such a thing.
function back(form, place) {
	const action = form.getAttribute("action"), link = to => document.querySelector(`#record .edit[href="${CSS.escape(to)}"]`);
	const way = document.getElementById(place?.id)?.querySelector(".edit") ?? link(action) ?? link(action.replace(/(\/parts\/[a-z]+).*/, "$1"));
	way?.focus({ preventScroll: true });
}

function say(form, text) {
	let p = form.querySelector(".notice.lost");
	if (!text) return p?.remove();
	if (!p) {
		p = document.createElement("p");
		p.className = "notice wrong lost";
		p.setAttribute("role", "alert");
		form.querySelector(".do").before(p);
	}
	p.textContent = text;
}

const source = event => event.detail?.ctx?.sourceElement;

document.addEventListener("htmx:before:swap", event => {
	const form = source(event);
	if (!form?.matches?.(".form")) return;
	const status = event.detail.ctx.response?.status;
	if (status >= 400) return;
	const place = holder(form);
	place?.removeAttribute("data-open");
	form.dispatchEvent(new CustomEvent("debrief:sent", { bubbles: true }));
	form.remove();
	setTimeout(() => back(form, place));
});

// A form whose place somebody else removed stays, where a new one of its kind would open.
let opened = [], typing;
document.addEventListener("htmx:before:swap", event => {
	if (source(event)?.id === "quick" && event.detail.ctx.response?.status === 422 && document.getElementById("form-timeline-new")) {
		event.preventDefault();
		document.getElementById("quick-read").textContent = "This line needs the whole form, in which another entry is open: save that one first.";
		return;
	}
	opened = [...document.querySelectorAll("#record [data-open] .form")];
	typing = document.activeElement;
});

function bringBack(form) {
	const kind = form.getAttribute("action").match(/\/parts\/([a-z]+)/)?.[1];
	(document.getElementById("new-" + kind) ?? document.querySelector("#record"))?.prepend(form);
	htmx.process(form);
	say(form, "Somebody else removed this while you wrote. What you typed is kept here.");
	if (form.contains(typing)) typing.focus();
}

document.addEventListener("htmx:after:swap", event => {
	if (!source(event)?.matches?.(".form")) opened.filter(form => !form.isConnected && !document.getElementById(form.id)).forEach(bringBack);
	opened = [];
	hold();
	const begun = typing?.matches(".starts a") && !typing.isConnected && document.querySelector("#record .form:has(.starts) textarea");
	if (begun) {
		begun.focus();
		begun.setSelectionRange(begun.value.length, begun.value.length);
	}
	typing = undefined;
});

// What is typed after a form was sent would be lost with it: until the answer it takes nothing.
function still(form, is) {
	for (const e of form.elements) if (e.matches("input, textarea")) e.readOnly = is;
}

document.addEventListener("htmx:before:request", event => {
	const form = source(event);
	if (!form?.matches?.(".form")) return;
	say(form, "");
	still(form, true);
});

document.addEventListener("htmx:finally:request", event => {
	if (source(event)?.matches?.(".form")) still(source(event), false);
});

document.addEventListener("htmx:response:error", event => {
	const form = source(event)?.closest?.(".form"), status = event.detail.ctx.response.status;
	if (!form || form !== source(event) || status === 409 || status === 422) return;
	say(form, status === 401 ? "You are signed out. Sign in on another page, then save here: what you typed is kept."
		: status === 413 ? "This is too long to be kept. Send less at once."
		: "It could not be saved. What you typed is kept here: try again.");
});

document.addEventListener("htmx:error", event => {
	const form = source(event);
	if (form?.matches?.(".form")) say(form, "There is no connection. What you typed is kept on this device: save again when it is back.");
});

document.addEventListener("click", event => {
	const cancel = event.target.closest?.("#record .cancel");
	if (!cancel || event.ctrlKey || event.metaKey || event.shiftKey) return;
	event.preventDefault();
	const form = cancel.closest(".form"), place = holder(form);
	form.dispatchEvent(new CustomEvent("debrief:sent", { bubbles: true }));
	place?.removeAttribute("data-open");
	form.remove();
	redraw().then(() => back(form, place));
});

document.addEventListener("keydown", event => {
	if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
		const form = event.target.closest?.("form");
		if (form) { event.preventDefault(); form.requestSubmit(); }
	}
});
