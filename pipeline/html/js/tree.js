/* ---- Directories and modules ---- */

/*
 * A node is a directory (children) or a module (row). Its figures are sums over the modules
 * below it; which there are is the caller's: add(sums, row) adds a row's to a node's, and
 * pathOf(row) says where it stands.
 */
class TreeNode {
	constructor(name, path, parent) {
		Object.assign(this, {name, path, parent, row: null, children: [], modules: 0, sums: {}});
	}

	get isModule() {
		return this.row !== null;
	}

	/* Every row below, in path order. */
	*rows() {
		if (this.row)
			yield this.row;
		for (const child of this.children)
			yield* child.rows();
	}

	/* From the root to this. */
	get line() {
		return this.parent ? [...this.parent.line, this] : [this];
	}
}

class Tree {
	constructor(rows, pathOf, add) {
		this.root = new TreeNode('', '', null);
		this.nodes = new Map([['', this.root]]);
		for (const row of rows)
			this.insert(row, pathOf(row), add);
		this.root.children = this.root.children.map((child) => this.join(child));
		if (this.root.children.length === 1 && !this.root.children[0].isModule)
			this.descend(this.root.children[0]);
	}

	insert(row, whole, add) {
		const parts = whole.split('/');
		let node = this.root, path = '';

		for (const [i, part] of parts.entries()) {
			node.modules++;
			add(node.sums, row);
			path += (i ? '/' : '') + part;
			node = i + 1 < parts.length ? this.directory(node, part, path) : this.leaf(node, part, path);
		}
		node.row = row;
		node.modules = 1;
		add(node.sums, row);
	}

	/* A slash behind its path tells a directory from a module of the same name. */
	directory(parent, name, path) {
		let node = this.nodes.get(`${path}/`);

		if (!node) {
			node = new TreeNode(name, `${path}/`, parent);
			this.nodes.set(node.path, node);
			parent.children.push(node);
		}
		return node;
	}

	leaf(parent, name, path) {
		const node = new TreeNode(name, path, parent);

		/* Two trees can have a module of one path; the first is found by it. */
		if (!this.nodes.has(path))
			this.nodes.set(path, node);
		parent.children.push(node);
		return node;
	}

	/* A directory with nothing in it but another is one with that. */
	join(node) {
		while (node.children.length === 1 && !node.children[0].isModule) {
			const only = node.children[0];

			only.name = `${node.name}/${only.name}`;
			only.parent = node.parent;
			this.nodes.set(node.path, only);
			node = only;
		}
		node.children = node.children.map((child) => this.join(child));
		return node;
	}

	/* What all paths begin with is the root's name. */
	descend(only) {
		this.root.name = only.name;
		this.root.path = only.path;
		this.root.children = only.children;
		for (const child of only.children)
			child.parent = this.root;
		this.nodes.set(only.path, this.root);
	}
}
