// The actions board from the keyboard: j and k go, o, p and d move, n asks why
// it will not be done. What was moved leaves the board or stays: the follow-up
// that stands in its place has the focus then.

const board = () => document.getElementById("board");
const rows = () => [...document.querySelectorAll("#board tr[id]")];
const typing = e => e.closest?.("input, textarea, select, [contenteditable]");
const here = () => document.activeElement?.closest?.("#board tr[id]");
const source = event => event.detail?.ctx?.sourceElement;
let place = null;

function go(row) {
	if (!row) return;
	row.focus({ preventScroll: true });
	row.scrollIntoView({ block: "nearest" });
}

function step(by) {
	const all = rows(), at = all.indexOf(here());
	go(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function move(state) {
	const button = here()?.querySelector(`.move button[value="${state}"]`);
	button?.form.requestSubmit(button);
}

function giveUp() {
	const details = here()?.querySelector(".giving-up");
	if (!details) return;
	details.open = true;
	details.querySelector("label input").focus();
}

const keys = {
	j: () => step(1), k: () => step(-1), o: () => move("open"), p: () => move("in_progress"), d: () => move("done"), n: giveUp,
	"?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", event => {
	if (!board() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
	if (event.key === "Escape" && event.target.closest?.(".giving-up")) {
		const row = here();
		event.target.closest(".giving-up").open = false;
		return go(row);
	}
	if (typing(event.target)) return;
	if (event.key === "Enter" && event.target.matches?.("tr")) return event.target.querySelector(".title").click();
	if (!keys[event.key]) return;
	event.preventDefault();
	keys[event.key]();
});

// A reason that is being written stays where it is while an answer redraws the board.
document.addEventListener("toggle", event => {
	if (event.target.matches?.("#board .giving-up")) event.target.closest("tr").toggleAttribute("data-open", event.target.open);
}, true);

function say(text) {
	const says = document.getElementById("board-says");
	if (says) says.textContent = text;
}

document.addEventListener("htmx:before:request", event => {
	const moved = source(event)?.closest?.("#board tr[id]"), row = moved ?? (source(event) === board() ? here() : null);
	if (!row) return;
	moved?.removeAttribute("data-open");
	place = { id: row.id, at: rows().indexOf(row), title: moved?.querySelector(".title").textContent };
});

document.addEventListener("htmx:after:swap", () => {
	if (!place || !board()) return;
	const { id, at, title } = place, all = rows();
	place = null;
	const field = document.querySelector("#board .form :is([aria-invalid], .wrong :is(input, select), input:not([type=hidden]))");
	if (field) return field.focus();
	if (!title && here()) return; // others changed the board, and the focus stays
	if (!typing(document.activeElement)) go(document.getElementById(id) ?? all[Math.min(at, all.length - 1)]);
	if (title) say(`Moved: ${title}.`);
});

for (const lost of ["htmx:error", "htmx:response:error"]) document.addEventListener(lost, event => {
	const row = source(event)?.closest?.("#board tr[id]"), status = event.detail?.ctx?.response?.status;
	if (!row || status === 409 || status === 422) return;
	say(status === 401 ? "You are signed out: nothing was moved." : "There is no connection: nothing was moved. Try again.");
	document.getElementById("board-says").className = "notice wrong";
});
