# SPDX-License-Identifier: GPL-2.0-only
"""Pages as btfbatch itself writes them, of the tree of modules that the other tests use."""
import json
import os
import pathlib
import subprocess
import unittest

import documents
from browser import PageTest


class Program(PageTest):
    def run_program(self, *arguments):
        subprocess.run([os.environ['BTFBATCH'], *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.tmp)
        self.open()

    def setUp(self):
        super().setUp()
        self.tree = pathlib.Path(os.environ['BTFTREE'])
        self.base = self.tree / 'vmlinux.btf'

    def read(self, name):
        return json.loads((self.tmp / name).read_text(encoding='utf-8'))

    def test_a_report(self):
        self.run_program('-B', self.base, '--shared', 'shared', '--json', 'report.json', '--html', 'page.html',
                         self.tree / 'standalone')
        report = self.read('report.json')
        self.assertEqual(self.texts('.tile .value')[0], documents.size(report['totals']['split_bytes']))
        self.assertEqual(len(self.column('modules', 1)), 12)
        self.assertEqual(len(self.column('shared', 1)), len(report['shared']['named']))
        self.enter('kernel')
        self.enter('net')
        self.assertEqual(len(self.tiles()), 3)

    def test_a_comparison(self):
        subprocess.run([os.environ['BTFBATCH'], '-q', '-B', self.base, '--json', self.tmp / 'old.json',
                        self.tree / 'raw'], check=True)
        modules = self.read('old.json')['modules']
        report = documents.report(modules[1:] + [{**modules[0], 'path': 'kernel/other/mod99.ko'}])
        report['base'] = self.read('old.json')['base']
        report['modules'].sort(key=lambda m: m['path'])
        (self.tmp / 'new.json').write_text(json.dumps(report), encoding='utf-8')
        self.run_program('diff', '--html', 'page.html', 'old.json', 'new.json')
        self.assertEqual(self.texts('#sides h3 + ol .badge'), ['came', 'went'])

    def test_two_trees(self):
        self.run_program('diff', '-B', self.base, '--json', 'diff.json', '--html', 'page.html',
                         self.tree / 'standalone' / 'kernel' / 'net', self.tree / 'standalone' / 'extra')
        self.assertEqual(len(self.column('modules', 1)), len(self.read('diff.json')['modules']))


if __name__ == '__main__':
    unittest.main()
