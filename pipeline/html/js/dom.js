/* ---- Elements ---- */

/*
 * el('td.number', {title: ...}, child...): children are nodes or texts; those that are null or
 * false are left out. A property of a function is a listener.
 */
function el(spec, properties, ...children) {
	const [tag, ...classes] = spec.split('.');
	const node = document.createElement(tag);

	node.classList.add(...classes);
	for (const [key, value] of Object.entries(properties || {})) {
		if (typeof value === 'function')
			node.addEventListener(key, value);
		else if (value !== null && value !== undefined && value !== false)
			node.setAttribute(key, value);
	}
	node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
	return node;
}

/* What all paths of the page begin with, which is said once: of "lib/modules/6.1/kernel/" all but the
 * last directory. */
let below = '';

function setBelow(prefix) {
	below = prefix.replace(/[^/]*\/$/, '');
}

function belowNote() {
	return below && ['Paths are below ', el('bdi.path', null, shown(below)), '.'];
}

/* A path that can be broken behind each slash; its last part stands out. */
function pathText(path) {
	const text = shown(path.startsWith(below) ? path.slice(below.length) : path), cut = text.lastIndexOf('/') + 1, parts = [];

	for (const part of text.slice(0, cut).split(/(?<=\/)/))
		if (part)
			parts.push(part, el('wbr'));
	return el('bdi.path', null, el('span.dir', null, parts), text.slice(cut));
}

/* A name of C, which stays in its place whatever direction its letters have. */
function codeText(name) {
	return el('bdi.code', null, shown(name));
}

/* A bar of @part of @whole; it says nothing that no text beside it says. */
function bar(part, whole, tone) {
	const fill = el(`span.fill.${tone}`);

	fill.style.width = `${whole ? Math.max(0, Math.min(1, part / whole)) * 100 : 0}%`;
	return el('span.bar', {'aria-hidden': 'true'}, fill);
}

/* A section of the page with its heading. */
function section(id, title, note, ...children) {
	return el('section', {id, 'aria-labelledby': `${id}-title`},
		el('h2', {id: `${id}-title`}, title), note ? el('p.note', null, note) : null, children);
}

/* One of the figures at the top. */
function tile(label, value, ...notes) {
	return el('div.tile', null, el('dt', null, label),
		el('dd', null, el('span.value', null, value),
			notes.flat().filter(Boolean).map((n) => el('span.under', null, n))));
}

/* A table of a few rows; what is too wide for the screen can be scrolled. */
function plainTable(...parts) {
	return el('div.scroll', null, el('table.plain', null, parts));
}

/* The figures of a directory or module: an array of [label, value]. */
function facts(list) {
	return el('dl.facts', null, list.map(([label, value]) => [el('dt', null, label), el('dd', null, value)]));
}
