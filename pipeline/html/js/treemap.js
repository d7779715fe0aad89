/* ---- The map: areas in proportion to bytes, laid out by d3-hierarchy ---- */

/* In square pixels: what would be smaller is put together with its like. */
const MAP_AREA_MIN = 900;
const MAP_INNER_AREA_MIN = 64;
/* At most so many, so that a directory of 10,000 modules can still be looked at. */
const MAP_TILES_MAX = 120;
const MAP_GROUPS_MAX = 60;
const MAP_INNER_MAX = 60;
/* In pixels: a directory's name above what is in it; what a text needs. */
const MAP_TITLE = 20;
const MAP_TEXT_WIDTH = 44;
const MAP_TEXT_HEIGHT = 18;
const MAP_SIZE_WIDTH = 130;

/*
 * An item is an area: {name, value, tone, label, inside, open}. `inside` gives the items in it, or is
 * null; `label` says it in words; `open` is what goes deeper, or null.
 */

function bySize(items) {
	return items.filter((i) => i.value > 0).sort((a, b) => b.value - a.value);
}

/* How many of @items, which are by size, are large enough to stand alone. */
function countLarge(items, area, areaMin, most) {
	const perByte = area / sumOf(items);
	let large = 0;

	while (large < items.length && large < most && items[large].value * perByte >= areaMin)
		large++;
	return items.length - large < 2 ? items.length : large;
}

function sumOf(items) {
	return items.reduce((sum, i) => sum + i.value, 0);
}

/*
 * The largest of @items, which are by size, as they are; of the others so many become one, by
 * @together(first, end), that what that opens is not the same again: either some of it are large
 * enough there, or there are several such.
 */
function gather(items, area, together) {
	const large = countLarge(items, area, MAP_AREA_MIN, MAP_TILES_MAX), rest = items.length - large;
	const groups = Math.min(MAP_GROUPS_MAX, Math.ceil(rest / MAP_TILES_MAX)), all = items.slice(0, large);

	for (let i = 0; i < groups; i++)
		all.push(together(large + Math.floor(rest * i / groups), large + Math.floor(rest * (i + 1) / groups)));
	return all;
}

/* What is inside of an area; the smallest are drawn as one. */
function gatherInside(item, area) {
	const items = bySize(item.inside()), large = countLarge(items, area, MAP_INNER_AREA_MIN, MAP_INNER_MAX);
	const rest = items.slice(large);

	return rest.length ? [...items.slice(0, large), {
		name: '', tone: 'rest', value: sumOf(rest), label: plural(rest.length, 'smaller one', 'smaller ones'),
	}] : items;
}

function boxesOf(items, width, height, together) {
	const area = width * height, sorted = bySize(items), perByte = area / sumOf(sorted);

	return gather(sorted, area, together).map((item) => ({
		item, boxes: item.inside && gatherInside(item, item.value * perByte).map((inner) => ({item: inner})),
	}));
}

/* Gives {data: {item}, x0, y0, x1, y1, children} of two levels. */
function layOut(items, width, height, together) {
	const root = d3.hierarchy({boxes: boxesOf(items, width, height, together)}, (d) => d.boxes)
		.sum((d) => (d.boxes ? 0 : d.item.value));

	d3.treemap().size([width, height]).round(true).paddingInner(2)
		.paddingTop((n) => (n.depth === 1 && n.children ? MAP_TITLE : 0))(root);
	return root.children || [];
}

/* Places @node as @box stands in @outer: in per cent, so that paper has it too. */
function place(node, box, outer) {
	const width = outer.x1 - outer.x0 || 1, height = outer.y1 - outer.y0 || 1;

	node.style.left = `${(box.x0 - outer.x0) / width * 100}%`;
	node.style.top = `${(box.y0 - outer.y0) / height * 100}%`;
	node.style.width = `${(box.x1 - box.x0) / width * 100}%`;
	node.style.height = `${(box.y1 - box.y0) / height * 100}%`;
}

function hasRoom(box, height) {
	return box.x1 - box.x0 >= MAP_TEXT_WIDTH && box.y1 - box.y0 >= height;
}

/* The tile in whose direction @key points from @from: the nearest, what is aside counts double. */
function neighbour(boxes, from, key) {
	const centre = (b) => [(b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2];
	const axis = key === 'ArrowLeft' || key === 'ArrowRight' ? 0 : 1;
	const sign = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1;
	const at = centre(from);
	let best = null, least = Infinity;

	for (const box of boxes) {
		const to = centre(box), ahead = (to[axis] - at[axis]) * sign;
		const aside = Math.abs(to[1 - axis] - at[1 - axis]);

		if (box !== from && ahead > 0 && ahead + 2 * aside < least) {
			least = ahead + 2 * aside;
			best = box;
		}
	}
	return best;
}

class TreeMap {
	/* @leave goes out one level; @tell is told the item that is pointed at or has the focus. */
	constructor(label, leave, tell) {
		this.leave = leave;
		this.tell = tell;
		this.items = [];
		this.boxes = [];
		this.node = el('div.map', {
			role: 'group', 'aria-label': label, keydown: (e) => this.key(e),
			pointerover: (e) => this.point(e), pointerleave: () => tell(null),
			focusin: (e) => this.point(e), focusout: () => tell(null),
		});
		new ResizeObserver(() => this.draw()).observe(this.node);
	}

	/* Shows @items; @together(first, end) makes one of the items of these places by size. */
	show(items, together) {
		this.items = items;
		this.together = together;
		this.width = 0;
		this.draw();
	}

	draw() {
		const width = this.node.clientWidth, height = this.node.clientHeight;
		const focused = this.node.contains(document.activeElement);
		const current = focused ? this.current : 0;

		if (!width || (width === this.width && height === this.height))
			return;
		this.width = width;
		this.height = height;
		this.boxes = layOut(this.items, width, height, this.together);
		this.tiles = new Map(this.boxes.map((box) => [box, this.tile(box)]));
		this.node.replaceChildren(...this.tiles.values());
		if (!this.boxes.length)
			this.node.append(el('p.empty', null, 'Nothing here has a size.'));
		this.choose(current && current < this.boxes.length ? current : 0, focused);
	}

	tile(box) {
		const item = box.data.item, whole = {x0: 0, y0: 0, x1: this.width, y1: this.height};
		const tag = item.open ? 'button' : 'div';
		const node = el(`${tag}.tile-${item.tone}.area`, {
			type: item.open ? 'button' : null, role: item.open ? null : 'img', tabindex: -1,
			'aria-label': item.label, click: () => item.open && item.open(),
		});

		place(node, box, whole);
		node.item = item;
		if (box.children)
			node.classList.add('directory');
		if (hasRoom(box, MAP_TEXT_HEIGHT))
			node.append(this.caption(box, item));
		for (const inner of box.children || [])
			if (inner.x1 - inner.x0 > 1 && inner.y1 - inner.y0 > 1)
				node.append(this.inner(inner, box));
		return node;
	}

	caption(box, item) {
		const both = box.children ? box.x1 - box.x0 >= MAP_SIZE_WIDTH : hasRoom(box, 2 * MAP_TEXT_HEIGHT);

		return el(box.children ? 'span.caption.row' : 'span.caption', null, el('span.name', null, shown(item.name)),
			both ? el('span.size', null, item.size || sizeText(item.value)) : null);
	}

	inner(box, outer) {
		const node = el(`span.tile-${box.data.item.tone}.area`, {'aria-hidden': 'true'});

		place(node, box, outer);
		node.item = box.data.item;
		if (hasRoom(box, MAP_TEXT_HEIGHT))
			node.append(el('span.caption', null, el('span.name', null, shown(box.data.item.name))));
		return node;
	}

	/* One tile can be reached by Tab, the others from there by the arrows. */
	choose(index, focus) {
		const nodes = [...this.tiles.values()];

		nodes.forEach((node, i) => node.setAttribute('tabindex', i === index ? 0 : -1));
		this.current = index;
		if (focus && nodes[index])
			nodes[index].focus({preventScroll: true});
	}

	focus() {
		this.choose(0, true);
	}

	point(event) {
		const node = event.target.closest('.area');

		this.tell(node && this.node.contains(node) ? node.item : null);
	}

	key(event) {
		const index = [...this.tiles.values()].indexOf(document.activeElement);
		let to = null;

		if (event.altKey || event.ctrlKey || event.metaKey)
			return;
		if (event.key === 'Escape' || event.key === 'Backspace')
			this.leave();
		else if (event.key === 'Home')
			to = this.boxes[0];
		else if (event.key === 'End')
			to = this.boxes[this.boxes.length - 1];
		else if (event.key.startsWith('Arrow') && index >= 0)
			to = neighbour(this.boxes, this.boxes[index], event.key);
		else
			return;
		event.preventDefault();
		if (to)
			this.choose(this.boxes.indexOf(to), true);
	}
}
