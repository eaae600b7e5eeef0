// A button that copies a document. It is hidden where the browser lets no page
// write to the clipboard: on plain http from another machine.

if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copies]")) {
	button.hidden = false;
	button.addEventListener("click", async () => {
		const sheet = document.querySelector("pre.framed");
		try {
			const text = sheet ? sheet.textContent : await fetch(button.dataset.copies).then(answer => answer.ok ? answer.text() : Promise.reject(answer.status));
			await navigator.clipboard.writeText(text);
			button.textContent = "Copied";
		} catch {
			button.textContent = "Not copied: download it";
		}
	});
}
