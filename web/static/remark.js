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
