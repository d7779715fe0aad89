/* ---- Which documents there are, and what the whole page does ---- */

const PAGES = [['report', ReportPage], ['causes', CausesPage], ['diff', DiffPage]];

/* The page has one heading, that of the first document in it. */
function setHead(title, under, version) {
	const head = document.getElementById('head');

	if (head.childElementCount)
		return;
	head.append(el('h1', null, title), el('p.under', null, ...under.flat()));
	document.title = `${title} \u2013 btfbatch`;
	document.getElementById('made-by').textContent = `Made by btfbatch ${shown(version)}.`;
}

/* "/" goes to the search that is next on the screen. */
function searchKey(event) {
	const inField = event.target.closest('input, select, textarea');

	if (event.key !== '/' || inField || event.ctrlKey || event.metaKey || event.altKey)
		return;
	const fields = [...document.querySelectorAll('input[type=search]')];
	const field = fields.find((f) => f.getBoundingClientRect().bottom > 0) || fields[fields.length - 1];

	if (field) {
		event.preventDefault();
		field.focus();
		field.select();
	}
}

function start() {
	const main = document.getElementById('main');

	main.replaceChildren();
	for (const [id, Page] of PAGES) {
		const data = document.getElementById(`data-${id}`);

		if (data)
			new Page(JSON.parse(data.textContent)).show(main);
	}
	document.addEventListener('keydown', searchKey);
}

start();
