// An image that is pasted or dropped into a text about an incident is sent, and its Markdown put where the
// cursor was. While it is on its way, a line says so; a refusal is said below the text, also that of an image for
// an incident that is not filed yet.

const place = area => area?.form?.getAttribute("action")?.match(/^\/incidents\/\d+(?=\/)/)?.[0];

const pictures = data => [...data?.files ?? []].filter(file => file.type.startsWith("image/"));

let count = 0;

function say(area, text) {
	let says = area.parentElement.querySelector(".image-says");
	if (!says) {
		says = document.createElement("p");
		says.className = "says image-says";
		says.setAttribute("role", "alert");
		area.after(says);
	}
	says.textContent = text;
}

function replace(area, was, is) {
	const at = area.value.indexOf(was);
	if (at < 0) return;
	area.setRangeText(is, at, at + was.length, "preserve");
	area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function send(area, file) {
	const waiting = `![image ${++count} is on its way …]()`;
	area.setRangeText(waiting, area.selectionStart, area.selectionEnd, "end");
	say(area, "");
	let markdown = "";
	try {
		const answer = await fetch(`${place(area)}/images`, { method: "POST", body: file, headers: { "Content-Type": file.type } });
		const text = await answer.text();
		if (answer.status === 201) markdown = text;
		else say(area, answer.headers.get("Content-Type")?.startsWith("text/plain") ? text : "The image was not taken. Try again.");
	} catch {
		say(area, "There is no connection: paste the image again.");
	}
	replace(area, waiting, markdown);
	const alt = markdown && area.value.indexOf(markdown);
	if (markdown && alt >= 0 && document.activeElement === area) area.setSelectionRange(alt + 2, alt + 2);
}

const early = area => area?.form?.getAttribute("action") === "/incidents/new";

function take(event, data) {
	const area = event.target.closest?.("textarea"), files = pictures(data);
	if (!files.length || !place(area) && (!early(area) || data.getData("text/plain"))) return;
	event.preventDefault();
	event.stopPropagation();
	if (early(area)) return say(area, "Images come once the incident is filed: file it, then paste the image into a text there. What you wrote stays here.");
	files.forEach(file => send(area, file));
}

document.addEventListener("paste", event => take(event, event.clipboardData), true);
document.addEventListener("drop", event => take(event, event.dataTransfer), true);
document.addEventListener("dragover", event => {
	const area = event.target.closest?.("textarea");
	if ((place(area) || early(area)) && event.dataTransfer?.types.includes("Files")) event.preventDefault();
}, true);
