/* ---- Going through the tree: where one is, the map, and what that is made of ---- */

/* The place is behind the page's "#", so that the browser's Back goes back. "//M-N" behind a
 * directory stands for what is in it from the Mth to the Nth place by size. */
const PLACE = '#in=';

class Explorer {
	/*
	 * @view says what is shown of a tree's nodes:
	 *	value(node)     its area
	 *	item(node)      more of its item: {tone, label}
	 *	inModule(node)  the items of a module's own map
	 *	panel(node)     elements beside the map
	 *	legend          an element below it, or null
 *	legendOfModules is it for a module's own map too?
	 */
	constructor(tree, label, view) {
		this.tree = tree;
		this.view = view;
		this.info = el('p.info', {'aria-hidden': 'true'});
		this.map = new TreeMap(label, () => this.leave(), (item) => this.tell(item));
		this.trail = el('ol');
		this.panel = el('div.panel');
		this.node = el('div.explorer', null,
			el('nav.trail', {'aria-label': 'Place in the tree'}, this.trail),
			el('div.sides', null, el('div.map-side', null, this.map.node, this.info, view.legend), this.panel));
		window.addEventListener('hashchange', () => this.follow());
		this.tell(null);
	}

	/* Goes where the address says. To be called once the explorer is in the page. */
	follow() {
		let place = '';

		if (location.hash.startsWith(PLACE)) {
			try {
				place = decodeURIComponent(location.hash.slice(PLACE.length));
			} catch (error) {
				place = ''; /* somebody's own */
			}
		}
		this.show(this.resolve(place));
	}

	/* {node, from, to}: the items of @node of these places by size; without them all. */
	resolve(place) {
		const [, path, from, to] = place.match(/^(.*?)(?:\/\/(\d+)-(\d+))?$/s);
		const {nodes, root} = this.tree;
		const node = (to !== undefined && nodes.get(`${path}/`)) || nodes.get(path) || root;

		return to === undefined ? {node} : {node, from: Number(from) - 1, to: Number(to)};
	}

	static place({node, from, to}) {
		return to ? `${node.path.replace(/\/$/, '')}//${from + 1}-${to}` : node.path;
	}

	go(at) {
		const place = Explorer.place(at);

		this.wantsFocus = this.map.node.contains(document.activeElement);
		location.hash = place ? PLACE.slice(1) + encodeURIComponent(place) : PLACE.slice(1);
	}

	/* From elsewhere in the page. */
	visit(node) {
		this.go({node});
		this.node.closest('section').scrollIntoView({block: 'start'});
		this.wantsFocus = true;
	}

	leave() {
		const {node, to} = this.at;

		if (to)
			this.go({node});
		else if (node.parent)
			this.go({node: node.parent});
	}

	show(at) {
		this.at = at;
		this.trail.replaceChildren(...this.crumbs(at));
		this.map.show(this.items(at), (first, end) => this.together(first, end));
		if (this.view.legend)
			this.view.legend.hidden = at.node.isModule && !this.view.legendOfModules;
		this.panel.replaceChildren(...this.view.panel(at.node).flat());
		if (this.wantsFocus)
			this.map.focus();
		this.wantsFocus = false;
	}

	crumbs({node, from, to}) {
		const line = node.line.map((n) => ({name: n.name || 'all modules', at: {node: n}}));

		if (to)
			line.push({name: this.places(from, to), at: null});
		return line.map(({name, at}, i) => el('li', null, i + 1 < line.length
			? el('button', {type: 'button', click: () => this.go(at)}, el('bdi', null, shown(name)))
			: el('bdi', {'aria-current': 'location'}, shown(name))));
	}

	/* The items of a place, those of the same size always in the same order. */
	items({node, from, to}) {
		const items = node.isModule ? this.view.inModule(node) : node.children.map((child) => this.item(child));

		return bySize(items).slice(from, to);
	}

	item(node) {
		return {
			name: node.name, value: this.view.value(node), ...this.view.item(node),
			inside: node.isModule ? null : () => node.children.map((child) => this.item(child)),
			open: () => this.go({node}),
		};
	}

	together(first, end) {
		const {node, from = 0} = this.at, value = sumOf(this.items(this.at).slice(first, end));

		return {
			name: `${countText(end - first)} smaller`, value, tone: 'rest',
			label: `${this.places(from + first, from + end)} by size, together ${sizeText(value)}`,
			inside: null,
			open: () => this.go({node, from: from + first, to: from + end}),
		};
	}

	places(from, to) {
		return `${countText(from + 1)}\u2013${countText(to)}`;
	}

	tell(item) {
		this.info.textContent = item ? item.label
			: 'Point at an area, or go to it with Tab and the arrows, to read what it is.';
	}
}
