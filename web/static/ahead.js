// What is typed while the form for a new entry is on its way goes into it: after
// n, and after the Ctrl+Enter that saves one entry and opens the next.

const text = () => document.getElementById("form-timeline-new-text");
const source = event => event.detail?.ctx?.sourceElement;
let ahead = null; // null while no form is awaited

addEventListener("keydown", event => {
	if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
		const form = event.target.closest?.("form");
		if (form?.id === "form-timeline-new" && form.checkValidity()) ahead ??= ""; // it is sent: the next key is not its own
		return;
	}
	if (ahead === null || event.ctrlKey || event.metaKey || event.altKey) return;
	if (event.key === "Backspace") ahead = ahead.slice(0, -1);
	else if (event.key === "Enter") ahead += "\n";
	else if (event.key.length === 1) ahead += event.key;
	else return;
	event.preventDefault();
	event.stopImmediatePropagation();
}, true);

document.addEventListener("debrief:awaits", () => { ahead ??= ""; });

function arrived() {
	if (ahead === null || !text() || text().readOnly) return; // one that is on its way takes no more
	const typed = ahead, field = document.activeElement?.closest?.("#form-timeline-new :is(input, textarea)") ?? text();
	ahead = null;
	field.focus();
	if (!typed) return;
	field.setRangeText(typed, field.value.length, field.value.length, "end");
	field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("htmx:after:swap", event => {
	if (source(event)?.id === "form-timeline-new" && event.detail.ctx.response?.status < 400) return; // the next one is asked for now
	setTimeout(arrived);
});
for (const lost of ["htmx:error", "htmx:response:error"]) document.addEventListener(lost, event => {
	if (ahead === null || !source(event)?.matches?.('#form-timeline-new, #record .edit[href$="/parts/timeline"]')) return;
	setTimeout(() => { arrived(); ahead = null; });
});
