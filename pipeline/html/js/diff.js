/* ---- What grew: schema btfbatch-diff/1 ---- */

const SIDE_ROWS = 15;

/* Of what it was: from here on a change is a large one in the map. */
const CHANGE_MUCH = 0.2;
const CHANGE_TONES = [['grew', 'grew by 20% or more'], ['grew-little', 'grew'], ['shrank-little', 'shrank'],
	['shrank', 'shrank by 20% or more']];

class DiffPage {
	constructor(diff) {
		this.diff = diff;
		this.totals = diff.totals;
		this.known = diff.modules.filter((m) => m.change !== 'failed');
		this.byPath = new Map(diff.modules.map((m) => [m.path, m]));
		this.changed = this.known.filter((m) => m.split_bytes.old !== m.split_bytes.new);
	}

	show(main) {
		const side = ({name, base}) => [el('bdi.path', null, shown(name)), ` (base ${sizeText(base.bytes)}, ` +
			`${plural(base.types, 'type', 'types')})`];

		setHead('What grew', [side(this.diff.old), ' \u2192 ', side(this.diff.new)], this.diff.version);
		main.append(el('dl.tiles', null, this.tiles()));
		if (this.diff.over_budget.length)
			main.append(this.budget());
		main.append(this.sides());
		if (this.changed.length)
			main.append(this.map());
		main.append(this.kinds(), this.modules());
		if (this.explorer)
			this.explorer.follow();
	}

	tiles() {
		const t = this.totals;
		const both = (label, {old: was, new: now}, text) => tile(label,
			changeValue(was, now, `${signedText(text(Math.abs(now - was)), now - was)}`),
			`${text(was)} \u2192 ${text(now)}, ${changePercentText(was, now)}`);
		const some = ['grew', 'shrank', 'same', 'came', 'went', 'failed'].filter((change) => t[change]);

		return [
			both('Split BTF', t.split_bytes, sizeText), both('Types', t.split_types, countText),
			both('Modules', t.modules, countText),
			tile('Of them', plural(this.changed.length, 'changed', 'changed'),
				some.map((change) => `${countText(t[change])} ${change === 'same' ? 'stayed the same' : change}`).join(', ')),
		];
	}

	budget() {
		return section('budget', 'Over budget', null, plainTable(el('caption', null, 'Over budget'),
			el('thead', null, el('tr', null, el('th', {scope: 'col'}, 'what'), el('th', {scope: 'col'}, 'limit'),
				el('th', {scope: 'col'}, 'set by'), el('th.number', {scope: 'col'}, 'allowed'),
				el('th.number', {scope: 'col'}, 'has'), el('th.number', {scope: 'col'}, 'too much'))),
			el('tbody', null, this.diff.over_budget.map((over) => el('tr', null,
				el('th.wide', {scope: 'row'}, over.path === null ? 'the total' : this.path(this.byPath.get(over.path))),
				el('td.short', null, over.limit), el('td.short', null, el('bdi', null, shown(over.where))),
				el('td.number', null, sizeText(over.allowed)), el('td.number', null, sizeText(over.split_bytes.new)),
				el('td.number.bad', null, sizeText(over.split_bytes.new - over.allowed)))))));
	}

	/* ---- growth beside shrinkage ---- */

	sides() {
		const by = (m) => m.split_bytes.new - m.split_bytes.old;
		const grown = this.changed.filter((m) => by(m) > 0).sort((a, b) => by(b) - by(a));
		const shrunk = this.changed.filter((m) => by(m) < 0).sort((a, b) => by(a) - by(b));
		const most = Math.max(grown.length ? by(grown[0]) : 0, shrunk.length ? -by(shrunk[0]) : 0);
		const sum = (list) => list.reduce((s, m) => s + by(m), 0);

		return section('sides', 'Growth beside shrinkage', 'Bars of both sides have one scale.',
			el('div.columns', null, this.side('Larger', grown, sum(grown), most, 'grew'),
				this.side('Smaller', shrunk, sum(shrunk), most, 'shrank')));
	}

	side(title, list, sum, most, tone) {
		const by = (m) => m.split_bytes.new - m.split_bytes.old;

		return el('div', null, el('h3', null, `${title}: `, list.length
			? `${plural(list.length, 'module', 'modules')}, ${signedText(sizeText(Math.abs(sum)), sum)}` : 'none'),
		el('ol.changes', null, list.slice(0, SIDE_ROWS).map((m) => el('li', null,
			el('span.name', null, el('button.opens', {
				type: 'button', click: () => this.explorer.visit(this.tree.nodes.get(m.key)),
			}, this.path(m)), ' ', this.badge(m)),
			el('span.number', null, changeText(m.split_bytes.old, m.split_bytes.new)),
			bar(Math.abs(by(m)), most, tone)))),
		list.length > SIDE_ROWS ? el('p.note', null, `${countText(list.length - SIDE_ROWS)} more are in the table below.`)
					: null);
	}

	path(m) {
		return el('span', {title: shown(m.path)}, pathText(m.key));
	}

	badge(m) {
		return m.change === 'came' || m.change === 'went' || m.change === 'failed'
			? el(`span.badge.${m.change}`, null, m.change) : null;
	}

	/* ---- the map: as large as the change, whichever way ---- */

	map() {
		this.tree = new Tree(this.changed, (m) => m.key, (sums, m) => {
			const change = m.split_bytes.new - m.split_bytes.old;

			sums.old = (sums.old || 0) + m.split_bytes.old;
			sums.now = (sums.now || 0) + m.split_bytes.new;
			sums.grown = (sums.grown || 0) + Math.max(0, change);
			sums.shrunk = (sums.shrunk || 0) + Math.max(0, -change);
		});

		this.explorer = new Explorer(this.tree, 'Map of the change by directory and module', {
			value: (node) => node.sums.grown + node.sums.shrunk,
			item: (node) => ({
				tone: this.tone(node.sums), size: changeText(node.sums.old, node.sums.now),
				label: this.label(node),
			}),
			inModule: (node) => this.typeItems(node.row),
			panel: (node) => this.panel(node),
			legendOfModules: true,
			legend: el('div.legend', null, el('ul', null, CHANGE_TONES.map(([tone, name]) =>
				el('li', null, el(`span.swatch.tile-${tone}`, {'aria-hidden': 'true'}), name)))),
		});
		return section('map', 'Where it changed', 'An area is as large as the change in it, growth and shrinkage added up.',
			this.explorer.node);
	}

	tone({old: was, now}) {
		return `${now >= was ? 'grew' : 'shrank'}${Math.abs(now - was) < CHANGE_MUCH * was ? '-little' : ''}`;
	}

	label(node) {
		const {old: was, now} = node.sums;
		const what = node.isModule ? '' : `, ${plural(node.modules, 'module', 'modules')} changed`;

		return `${shown(node.path.replace(/\/$/, ''))}${what}: ${sizeText(was)} \u2192 ${sizeText(now)}, ` +
			`${changeText(was, now)}, ${changePercentText(was, now)}`;
	}

	/* A module's own map: its types that came, went and changed, where they are known. */
	typeItems(m) {
		return (m.types || []).filter((t) => t.bytes.old !== t.bytes.new).map((t) => ({
			name: t.name, value: Math.abs(t.bytes.new - t.bytes.old),
			size: changeText(t.bytes.old, t.bytes.new), tone: this.tone({old: t.bytes.old, now: t.bytes.new}),
			label: `${t.kind} ${shown(t.name)}: ${this.typeChange(t)}`, inside: null, open: null,
		}));
	}

	panel(node) {
		const s = node.sums;

		return [
			el('h3', null, node.isModule || node.name ? el('bdi', null, shown(node.name)) : 'All that changed'),
			facts([['before', sizeText(s.old)], ['after', sizeText(s.now)],
				['change', `${changeText(s.old, s.now)}, ${changePercentText(s.old, s.now)}`],
				...(node.isModule ? [] : [['grown by', sizeText(s.grown)], ['shrunk by', sizeText(s.shrunk)],
					['modules changed', countText(node.modules)]])]),
			node.isModule ? this.mostChanged(node.row) : stackedBar([['growth', s.grown, 'grew'],
				['shrinkage', s.shrunk, 'shrank']], s.grown + s.shrunk),
		];
	}

	/* ---- kinds ---- */

	kinds() {
		const kinds = Object.entries(this.diff.kinds).map(([kind, {types, bytes}]) => ({kind, types, bytes}));
		const by = (k) => k.bytes.new - k.bytes.old;
		const most = Math.max(0, ...kinds.map((k) => Math.abs(by(k))));

		kinds.sort((a, b) => Math.abs(by(b)) - Math.abs(by(a)));
		return section('kinds', 'By kind', null, plainTable(el('caption', null, 'Change by kind'),
			el('thead', null, el('tr', null, el('th', {scope: 'col'}, 'kind'), el('th.number', {scope: 'col'}, 'types before'),
				el('th.number', {scope: 'col'}, 'after'), el('th.number', {scope: 'col'}, 'bytes before'),
				el('th.number', {scope: 'col'}, 'after'), el('th.number', {scope: 'col'}, 'change'),
				el('td.both', {'aria-hidden': 'true'}))),
			el('tbody', null, kinds.map((k) => el('tr', null, el('th', {scope: 'row'}, k.kind),
				el('td.number', null, countText(k.types.old)), el('td.number', null, countText(k.types.new)),
				el('td.number', null, sizeText(k.bytes.old)), el('td.number', null, sizeText(k.bytes.new)),
				el('td.number', null, by(k) ? changeText(k.bytes.old, k.bytes.new) : '0 B'),
				el('td.both', null, bothBar(by(k), most)))))));
	}

	/* ---- the table ---- */

	modules() {
		const known = (m) => m.change !== 'failed';
		const by = (m) => (known(m) ? m.split_bytes.new - m.split_bytes.old : 0);
		const figure = (title, note, value, text) => ({
			title, note, number: true, value: (m) => (known(m) ? value(m) : -Infinity),
			cell: (m) => (known(m) ? text(m) : ''),
		});

		this.table = new Table({
			id: 'modules', label: 'Modules', rows: this.diff.modules, sort: [5, 'descending'],
			text: (m) => `${m.key} ${m.path} ${m.old_path || ''} ${m.change} ${m.old_error || ''} ${m.new_error || ''}`,
			filters: this.filters(), detail: (m) => this.allTypes(m),
			columns: [
				{
					title: 'Module', wide: true, value: (m) => m.key, opens: (m) => m.types && m.types.length,
					cell: (m) => this.name(m),
				},
				{title: 'Change', value: (m) => m.change, cell: (m) => el(`span.badge.${m.change}`, null, m.change)},
				figure('Before', 'bytes of split BTF', (m) => m.split_bytes.old,
					(m) => (m.change === 'came' ? '' : sizeText(m.split_bytes.old))),
				figure('After', 'bytes of split BTF', (m) => m.split_bytes.new,
					(m) => (m.change === 'went' ? '' : sizeText(m.split_bytes.new))),
				figure('By', 'bytes', by, (m) => (by(m) ? changeText(m.split_bytes.old, m.split_bytes.new) : '0 B')),
				figure('Size of it', 'growth or shrinkage, whichever', (m) => Math.abs(by(m)),
					(m) => bothBar(by(m), this.most)),
				figure('In %', 'of what it was', (m) => (m.split_bytes.old ? by(m) / m.split_bytes.old : Infinity * by(m)),
					(m) => changePercentText(m.split_bytes.old, m.split_bytes.new)),
				figure('Types', 'by how many', (m) => m.split_types.new - m.split_types.old,
					(m) => signedText(countText(Math.abs(m.split_types.new - m.split_types.old)),
						m.split_types.new - m.split_types.old)),
			],
		});
		return section('modules', 'Modules', null, this.table.node);
	}

	get most() {
		return this.changed.reduce((max, m) => Math.max(max, Math.abs(m.split_bytes.new - m.split_bytes.old)), 0);
	}

	filters() {
		const changes = ['grew', 'shrank', 'came', 'went', 'same', 'failed'].filter((change) => this.totals[change]);

		return [['all', () => true], ...changes.map((change) =>
			[`${change} (${countText(this.totals[change])})`, (m) => m.change === change])];
	}

	name(m) {
		const errors = [['before', m.old_error], ['after', m.new_error]].filter(([, error]) => error !== undefined);

		return [this.path(m), m.old_path ? el('span.under', null, 'was ', pathText(m.old_path)) : null,
			errors.map(([when, error]) => el('span.under.bad', null, `failed ${when}: ${shown(error)}`))].flat();
	}

	typeChange(t) {
		const {old: was, new: now} = t.bytes;
		const what = !was ? `came, ${sizeText(now)}` : !now ? `went, ${sizeText(was)}` : `${changeText(was, now)}`;

		return t.lost_merge ? `${what}; the base has a type of this name, with which it does not merge` : what;
	}

	typeName(t) {
		return [el('span.kind', null, `${t.kind} `), codeText(t.name), t.lost_merge
			? [' ', el('span.badge.lost', {title: 'the base has a type of this name, with which it does not merge'},
				'merge lost')] : null];
	}

	/* Beside a module's own map: the types that changed most. */
	mostChanged(m) {
		const by = (t) => Math.abs(t.bytes.new - t.bytes.old);

		if (!m.types)
			return el('p.note', null, 'Which types came and went is told of a module that is in both runs, ' +
				'where both were given as trees.');
		return [
			el('table.kinds', null, el('caption', null, 'Types that changed most'), el('tbody', null,
				[...m.types].sort((a, b) => by(b) - by(a)).slice(0, SIDE_ROWS).map((t) => el('tr', null,
					el('th', {scope: 'row'}, this.typeName(t)),
					el('td.number', null, changeText(t.bytes.old, t.bytes.new)))))),
			el('button', {type: 'button', click: () => this.reveal(m)},
				`All ${plural(m.types.length, 'type', 'types')} in the table`),
		];
	}

	/* Shows the row of @m, opened. */
	reveal(m) {
		this.table.open.add(m);
		this.table.find(m.key);
		this.table.node.scrollIntoView({block: 'start'});
		this.table.search.focus({preventScroll: true});
	}

	/* In the opened row of a module. */
	allTypes(m) {
		const by = (t) => t.bytes.new - t.bytes.old;
		const bytes = (title, of) => ({
			title, number: true, value: of, cell: (t) => (of(t) ? sizeText(of(t)) : ''),
		});
		const anonymous = Object.entries(m.anonymous).map(([kind, {old: was, new: now}]) =>
			`${signedText(countText(Math.abs(now - was)), now - was)} ${kind}`);

		return [
			new Table({
				id: `types-${this.diff.modules.indexOf(m)}`, label: `Types of ${shown(m.key)}`, rows: m.types,
				sort: [3, 'descending'], text: (t) => `${t.kind} ${t.name}${t.lost_merge ? ' merge lost' : ''}`,
				columns: [
					{title: 'Type', wide: true, value: (t) => t.name, cell: (t) => this.typeName(t)},
					bytes('Before', (t) => t.bytes.old), bytes('After', (t) => t.bytes.new),
					{title: 'By', number: true, value: by, cell: (t) => changeText(t.bytes.old, t.bytes.new)},
				],
			}).node,
			anonymous.length ? el('p.note', null, `Without a name: ${anonymous.join(', ')}.`) : null,
		];
	}
}

function changeValue(was, now, text) {
	return el(now > was ? 'span.up' : 'span.down', null, was === now ? 'unchanged' : text);
}

/* To the right of the middle what grew, to the left what shrank. */
function bothBar(change, most) {
	const fill = el(`span.fill.${change > 0 ? 'grew' : 'shrank'}`);
	const width = most ? Math.abs(change) / most * 50 : 0;

	fill.style.width = `${width}%`;
	fill.style.marginLeft = `${change > 0 ? 50 : 50 - width}%`;
	return el('span.bar.both', {'aria-hidden': 'true'}, fill);
}
