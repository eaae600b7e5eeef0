// A field that is there to be copied from gets a button that does it.

for (const place of document.querySelectorAll("[data-copy]")) {
	const field = place.querySelector("input");
	field.addEventListener("focus", () => field.select());
	if (!navigator.clipboard) continue;
	const button = document.createElement("button");
	button.type = "button";
	button.textContent = "Copy";
	button.addEventListener("click", async () => {
		await navigator.clipboard.writeText(field.value);
		button.textContent = "Copied";
	});
	place.append(button);
}
