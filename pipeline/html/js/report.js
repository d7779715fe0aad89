/* ---- The report of a run: schema btfbatch-report/1 ---- */

/* How much of the input is left, in per cent: the map's colours. */
const LEFT_STEPS = [5, 10, 20, 40, Infinity];

class ReportPage {
	constructor(report) {
		this.report = report;
		this.totals = report.totals;
		/* Of input that was split already almost nothing is left out, and there is nothing to colour. */
		this.reduced = this.totals.split_bytes < 0.95 * this.totals.input_bytes;
		this.tree = new Tree(this.ok(), (row) => row.path, (sums, row) => {
			for (const key of ['input_bytes', 'split_bytes', 'input_types', 'split_types'])
				sums[key] = (sums[key] || 0) + row[key];
		});
		setBelow(this.tree.root.path);
	}

	show(main) {
		this.head();
		main.append(el('dl.tiles', null, this.tiles()));
		if (this.totals.failed)
			main.append(this.failures());
		if (this.totals.ok)
			main.append(this.map());
		main.append(this.modules());
		if (this.report.shared)
			main.append(sharedSection(this.report.shared));
		if (this.explorer)
			this.explorer.follow();
	}

	head() {
		const {base} = this.report;

		setHead('Split BTF report', ['Over the base ', el('bdi.path', null, shown(base.path)),
			`: ${sizeText(base.bytes)}, ${plural(base.types, 'type', 'types')}`], this.report.version);
	}

	tiles() {
		const t = this.totals;

		return [
			tile('Split BTF', sizeText(t.split_bytes), this.reduced
				? `from ${sizeText(t.input_bytes)}, ${factorText(t.input_bytes, t.split_bytes)} smaller`
				: `of ${sizeText(t.input_bytes)}, which were split already`, bar(t.split_bytes, t.input_bytes, 'sort-data')),
			tile('Types', countText(t.split_types), this.reduced
				? `from ${countText(t.input_types)}, ${factorText(t.input_types, t.split_types)} fewer`
				: `of ${countText(t.input_types)}`, bar(t.split_types, t.input_types, 'sort-data')),
			tile('Modules', countText(t.modules), t.ok === t.modules ? 'all ok' : `${countText(t.ok)} ok`,
				t.no_btf ? `${countText(t.no_btf)} without BTF` : null,
				t.failed ? el('span.bad', null, `${countText(t.failed)} failed`) : null),
			tile('A module has', t.ok ? sizeText(Math.round(t.split_bytes / t.ok)) : '\u2013', 'on average',
				t.ok ? `the largest ${sizeText(Math.max(...this.ok().map((r) => r.split_bytes)))}` : null),
		];
	}

	ok() {
		return this.report.modules.filter((row) => row.status === 'ok');
	}

	failures() {
		const failed = this.report.modules.filter((row) => row.status === 'failed');

		return section('failures', 'Failed', null, el('ul.failures', null, failed.slice(0, PAGE_ROWS).map((row) =>
			el('li', null, pathText(row.path), el('span.bad', null, shown(row.error))))),
		failed.length > PAGE_ROWS ? el('p.note', null, `${countText(failed.length - PAGE_ROWS)} more are in the table below.`)
					  : null);
	}

	/* ---- the map ---- */

	map() {
		this.explorer = new Explorer(this.tree, 'Map of split BTF by directory and module', {
			value: (node) => node.sums.split_bytes,
			item: (node) => ({tone: this.tone(node), label: this.label(node)}),
			inModule: (node) => kindItems(madeOf([node.row]), node.sums.split_bytes),
			panel: (node) => this.panel(node),
			legend: this.reduced ? this.legend() : null,
		});
		return section('map', 'Where the bytes are', 'An area is as large as the split BTF in it.', this.explorer.node);
	}

	tone(node) {
		const left = node.sums.split_bytes / node.sums.input_bytes * 100;

		return this.reduced ? `left-${LEFT_STEPS.findIndex((step) => left < step)}`
			: node.isModule ? 'module' : 'directory';
	}

	label(node) {
		const {split_bytes: split, input_bytes: input} = node.sums;
		const what = node.isModule ? '' : `, ${plural(node.modules, 'module', 'modules')}`;
		const from = this.reduced ? ` of ${sizeText(input)} left` : '';

		return `${shown(node.path.replace(/\/$/, ''))}${what}: ${sizeText(split)}${from}, ` +
			`${percentText(split, this.totals.split_bytes)} of all`;
	}

	legend() {
		const names = LEFT_STEPS.map((step, i) => (step === Infinity ? `${LEFT_STEPS[i - 1]}% or more`
									     : `below ${step}%`));

		return el('div.legend', null, el('span', null, 'Left of the input:'), el('ul', null, names.map((name, i) =>
			el('li', null, el(`span.swatch.tile-left-${i}`, {'aria-hidden': 'true'}), name))));
	}

	panel(node) {
		const s = node.sums;

		return [
			el('h3', null, node.isModule || node.name ? el('bdi', null, shown(node.name)) : 'All modules'),
			el('table.kinds', null, el('caption', null, 'Before and after'), el('tbody', null,
				this.beforeAfter('input', s.input_bytes, s.input_bytes, 'sort-references'),
				this.beforeAfter('split', s.split_bytes, s.input_bytes, 'sort-data'))),
			facts([['modules', node.isModule ? null : countText(node.modules)],
				['types', `${countText(s.input_types)} \u2192 ${countText(s.split_types)}`],
				['factor', factorText(s.input_bytes, s.split_bytes)],
				['input was', node.isModule ? node.row.input_form : null],
			].filter(([, value]) => value !== null)),
			kindsTable(madeOf(node.rows()), s.split_bytes),
		];
	}

	beforeAfter(name, bytes, most, tone) {
		return el('tr', null, el('th', {scope: 'row'}, name), el('td.number', null, sizeText(bytes)),
			el('td.meter', null, bar(bytes, most, tone)));
	}

	/* ---- the table ---- */

	modules() {
		const most = this.report.modules.reduce((max, row) => Math.max(max, row.split_bytes || 0), 0);
		const figure = (title, note, key, text) => ({
			title, note, number: true, value: (row) => (row.status === 'ok' ? row[key] : -1),
			cell: (row) => (row.status === 'ok' ? text(row[key]) : ''),
		});

		this.table = new Table({
			id: 'modules', label: 'Modules', rows: this.report.modules, sort: [2, 'descending'],
			text: (row) => `${row.path} ${row.status} ${row.error || ''}`, filters: this.filters(),
			columns: [
				{title: 'Module', wide: true, value: (row) => row.path, cell: (row) => this.name(row)},
				figure('Input', 'bytes of BTF in the module', 'input_bytes', sizeText),
				{
					...figure('Split', 'bytes of its split BTF', 'split_bytes', sizeText),
					cell: (row) => (row.status === 'ok'
						? [sizeText(row.split_bytes), bar(row.split_bytes, most, 'sort-data')] : ''),
				},
				{
					title: 'Factor', note: 'how many times smaller', number: true,
					value: (row) => (row.status === 'ok' ? row.input_bytes / row.split_bytes : -1),
					cell: (row) => (row.status === 'ok' ? factorText(row.input_bytes, row.split_bytes) : ''),
				},
				figure('Types in', 'types in the module', 'input_types', countText),
				figure('Types out', 'types in its split BTF', 'split_types', countText),
				figure('Strings', 'bytes of strings in its split BTF', 'split_string_bytes', sizeText),
			],
		});
		return section('modules', 'Modules', belowNote(), this.table.node);
	}

	filters() {
		const t = this.totals, filters = [['all', () => true]];

		for (const [status, title, count] of [['ok', 'ok', t.ok], ['no-btf', 'without BTF', t.no_btf],
			['failed', 'failed', t.failed]])
			if (count && count !== t.modules)
				filters.push([`${title} (${countText(count)})`, (row) => row.status === status]);
		return filters;
	}

	name(row) {
		const node = row.status === 'ok' && this.tree.nodes.get(row.path);

		if (row.status === 'failed')
			return [pathText(row.path), el('span.under.bad', null, `failed: ${shown(row.error)}`)];
		if (!node)
			return [pathText(row.path), el('span.under', null, row.status === 'ok' ? '' : 'no BTF')];
		return el('button.opens', {type: 'button', title: 'Show it in the map', click: () => this.explorer.visit(node)},
			pathText(row.path));
	}
}
