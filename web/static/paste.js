// Many lines that are pasted into a new entry can become as many entries.

document.addEventListener("input", event => {
	const area = event.target;
	if (area.id !== "form-timeline-new-text") return;
	const lines = area.value.split("\n").filter(line => line.trim()).length;
	let offer = area.parentElement.querySelector(".split");
	if (lines < 3 || event.inputType !== "insertFromPaste") { if (lines < 3) offer?.remove(); return; }
	if (!offer) {
		offer = document.createElement("button");
		offer.type = "button";
		offer.className = "quiet split";
		offer.addEventListener("click", () => {
			const form = document.createElement("form");
			form.method = "post";
			form.action = location.pathname + "/paste";
			for (const [name, value] of [["source", area.value], ["do", "read"]]) {
				const field = document.createElement("textarea");
				Object.assign(field, { name, value, hidden: true });
				form.append(field);
			}
			area.form.dispatchEvent(new CustomEvent("debrief:leave", { bubbles: true }));
			document.body.append(form);
			form.submit();
		});
		area.after(offer);
	}
	offer.textContent = `These are ${lines} lines: make ${lines} entries of them?`;
});
