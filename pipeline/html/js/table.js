/* ---- Tables to search, to sort and to turn the pages of ---- */

const PAGE_ROWS = 100;

/*
 * A column is {title, note, number, wide, value, cell}: value(row) is what is sorted by, a number or a
 * text; cell(row) what is shown, a text or nodes. With `number` it stands to the right and the
 * largest come first, unless `first` says otherwise. opens(row): is it what opens the row's detail?
 *
 * options: {id, label, columns, rows, sort: [column, 'ascending'|'descending'], text(row) that is
 * searched, filters: [[title, row => bool]...], detail(row) or null}: elements of a row that opens.
 */
class Table {
	constructor(options) {
		Object.assign(this, options);
		this.page = 0;
		this.filter = 0;
		this.open = new Set();
		this.haystacks = new Map();
		this.make();
		this.update();
		window.addEventListener('beforeprint', () => this.node.isConnected && this.draw(true));
		window.addEventListener('afterprint', () => this.node.isConnected && this.draw(false));
	}

	make() {
		this.search = el('input', {
			type: 'search', id: `${this.id}-search`, autocomplete: 'off', spellcheck: 'false',
			input: () => this.restart(), keydown: (e) => this.clear(e),
		});
		this.status = el('p.status', {role: 'status'});
		this.heads = this.columns.map((c, i) => this.head(c, i));
		this.body = el('tbody');
		this.pager = el('nav.pager', {'aria-label': `Pages of ${this.label}`});
		this.empty = el('p.empty', {hidden: ''}, 'Nothing matches.');
		this.node = el('div.table', null, el('div.tools', null,
			el('label', {for: `${this.id}-search`}, 'Search ', el('kbd', null, '/')), this.search,
			this.filters && this.filters.length > 1 ? this.choice() : null, this.status),
		el('div.scroll', null, el('table', {id: `${this.id}-table`}, el('caption', null, this.label),
			el('thead', null, el('tr', null, this.heads)), this.body)), this.empty, this.pager);
	}

	choice() {
		return el('select', {
			'aria-label': 'Show', change: (e) => {
				this.filter = Number(e.target.value);
				this.restart();
			},
		}, this.filters.map(([title], i) => el('option', {value: i}, title)));
	}

	head(column, index) {
		return el(column.number ? 'th.number' : 'th', {scope: 'col', title: column.note},
			el('button', {type: 'button', click: () => this.sortBy(index)},
				column.title, el('span.arrow', {'aria-hidden': 'true'})));
	}

	/* The first press sorts as the column is mostly read, the second the other way. */
	sortBy(index) {
		const {number, first = number ? 'descending' : 'ascending'} = this.columns[index];
		const other = first === 'descending' ? 'ascending' : 'descending';

		this.sort = [index, this.sort[0] === index && this.sort[1] === first ? other : first];
		this.restart();
	}

	/* Escape empties the search. */
	clear(event) {
		if (event.key !== 'Escape' || !this.search.value)
			return;
		event.preventDefault();
		this.search.value = '';
		this.restart();
	}

	find(words) {
		this.search.value = words;
		this.restart();
	}

	restart() {
		this.page = 0;
		this.update();
	}

	update() {
		this.rowsNow = this.sorted(this.rows.filter((row) => this.matches(row)));
		this.heads.forEach((head, i) => {
			if (i === this.sort[0])
				head.setAttribute('aria-sort', this.sort[1]);
			else
				head.removeAttribute('aria-sort');
		});
		this.status.textContent = this.rowsNow.length === this.rows.length
			? `${countText(this.rows.length)} in all`
			: `${countText(this.rowsNow.length)} of ${countText(this.rows.length)}`;
		this.draw(false);
	}

	/* All words of the search have to be in it. */
	matches(row) {
		const words = this.search.value.toLowerCase().split(/\s+/);

		if (this.filters && !this.filters[this.filter][1](row))
			return false;
		if (!this.haystacks.has(row))
			this.haystacks.set(row, this.text(row).toLowerCase());
		return words.every((word) => this.haystacks.get(row).includes(word));
	}

	/* Of equal ones the order stays that of the report. */
	sorted(rows) {
		const {value} = this.columns[this.sort[0]], sign = this.sort[1] === 'ascending' ? 1 : -1;
		const order = (a, b) => (a < b ? -sign : a > b ? sign : 0);

		return rows.map((row) => [value(row), row]).sort((a, b) => order(a[0], b[0])).map(([, row]) => row);
	}

	/* A page of the rows, or on paper all. */
	draw(all) {
		const first = all ? 0 : this.page * PAGE_ROWS;
		const rows = all ? this.rowsNow : this.rowsNow.slice(first, first + PAGE_ROWS);

		this.body.replaceChildren(...rows.flatMap((row) => this.lines(row)));
		this.empty.hidden = this.rowsNow.length > 0;
		this.drawPager(first, rows.length);
	}

	lines(row) {
		const line = el('tr', null, this.columns.map((c, i) => this.cell(c, row, i)));
		const opened = this.detail && this.open.has(row);

		return opened ? [line, el('tr.detail', null, el('td', {colspan: this.columns.length}, this.detail(row)))]
			      : [line];
	}

	cell(column, row, index) {
		const spec = (index ? 'td' : 'th') + (column.number ? '.number' : '') + (column.wide ? '.wide' : '');
		const content = column.cell(row);

		if (!column.opens || !column.opens(row))
			return el(spec, index ? null : {scope: 'row'}, content);
		return el(spec, index ? null : {scope: 'row'}, el('button.opens', {
			type: 'button', 'aria-expanded': String(this.open.has(row)), click: () => this.toggle(row, index),
		}, content));
	}

	toggle(row, index) {
		const at = this.rowsNow.indexOf(row) - this.page * PAGE_ROWS;

		if (!this.open.delete(row))
			this.open.add(row);
		this.draw(false);
		[...this.body.querySelectorAll('tr:not(.detail)')][at].children[index].querySelector('button').focus();
	}

	drawPager(first, count) {
		const last = Math.max(0, Math.ceil(this.rowsNow.length / PAGE_ROWS) - 1);
		const turn = (title, to, able) => el('button', {
			type: 'button', disabled: able ? null : '', click: () => this.turn(to, title),
		}, title);

		this.pager.hidden = !last;
		this.pager.replaceChildren(turn('First', 0, this.page > 0), turn('Previous', this.page - 1, this.page > 0),
			el('span', null, `${countText(first + 1)}\u2013${countText(first + count)} of ` +
				countText(this.rowsNow.length)),
			turn('Next', this.page + 1, this.page < last), turn('Last', last, this.page < last));
	}

	/* The focus stays in the pager, on the same button if that still leads anywhere. */
	turn(to, title) {
		this.page = to;
		this.draw(false);
		this.node.scrollIntoView({block: 'start'});
		const buttons = [...this.pager.querySelectorAll('button:not(:disabled)')];
		(buttons.find((b) => b.textContent === title) || buttons[0]).focus({preventScroll: true});
	}
}
