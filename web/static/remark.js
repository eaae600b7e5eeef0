// A comment is written where the thing stands that it is about. The links of a
// record to these forms are many, so that they say no more than where they lead.

document.addEventListener("click", event => {
	const link = event.target.closest?.('#record a.edit[href*="/parts/comments?on="]');
	if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
	const place = document.getElementById("remark-" + new URL(link.href).searchParams.get("on"));
	if (!place) return;
	event.preventDefault();
	htmx.ajax("GET", link.getAttribute("href"), { source: link, target: place, select: ".form", swap: "innerHTML" });
});

// A comment that could not be settled says so.
for (const name of ["htmx:response:error", "htmx:error"]) document.addEventListener(name, event => {
	const form = event.detail?.ctx?.sourceElement;
	if (!form?.matches?.("form.settle")) return;
	const p = form.querySelector(".fault") ?? form.appendChild(document.createElement("p"));
	p.className = "fault";
	p.setAttribute("role", "alert");
	p.textContent = "It could not be saved. Try again, or load the page anew.";
});

// What somebody unfolded to read stays so while the page is drawn anew.
const unfolded = new Set();
const place = details => details.closest("#record [id]")?.id ?? "summary";
document.addEventListener("toggle", event => {
	const details = event.target;
	if (details.matches?.("details.remarks")) unfolded[details.open ? "add" : "delete"](place(details));
}, true);
document.addEventListener("htmx:after:swap", () => {
	for (const details of document.querySelectorAll("details.remarks")) if (unfolded.has(place(details))) details.open = true;
});
