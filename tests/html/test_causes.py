# SPDX-License-Identifier: GPL-2.0-only
"""The page of root causes."""
import unittest

import documents
from browser import PageTest


class Causes(PageTest):
    def test_ranks_and_figures(self):
        report = documents.causes(120)
        self.show(causes=report)
        first = report['causes'][:100]
        self.assertEqual(self.column('causes', 1), [str(i + 1) for i in range(100)])
        self.assertEqual(self.column('causes', 2), [f"{c['cause']} {c['kind']}" for c in first])
        for column, key in ((3, lambda c: c['waiting']['bytes']), (4, lambda c: c['alone']['bytes']),
                            (5, lambda c: c['together_bytes'])):
            self.assertEqual(self.column('causes', column), [documents.size(key(c)) for c in first])
        self.assertEqual(self.column('causes', 7), [str(len(c['modules'])) for c in first])
        t = report['totals']
        self.assertEqual(self.texts('.tile .value'), [documents.size(t[k]['bytes'])
                                                      for k in ('stay', 'caused', 'new', 'never')])
        widths = self.script('''return Array.from(document.querySelectorAll('#why .strip .fill'),
            (f) => f.getBoundingClientRect().width / f.parentElement.getBoundingClientRect().width)''')
        for width, key in zip(widths, ('caused', 'new', 'never')):
            self.assertAlmostEqual(width, t[key]['bytes'] / t['stay']['bytes'], delta=0.01)

    def test_a_cause_opens_to_its_way_and_its_modules(self):
        report = documents.causes(10)
        self.show(causes=report)
        self.all('#causes tbody button')[2].click()
        cause, detail = report['causes'][2], self.one('tr.detail')
        self.assertIn(cause['path'], detail.text)
        self.assertIn(f"{cause['type']}, id {cause['base_id']:,}", detail.text)
        self.assertEqual(self.texts('tr.detail li'), cause['modules'])

    def test_kinds_are_summed_and_filter(self):
        report = documents.causes(25)
        self.show(causes=report)
        self.assertEqual(sorted(self.texts('#why tbody th')),
                         ['ambiguous', 'declared', 'encoder', 'layout', 'undecided'])
        self.assertEqual(self.texts('#why tbody td:nth-child(2)'), ['5'] * 5)
        options = self.texts('#causes option')
        self.all('#causes option')[options.index('layout')].click()
        self.assertEqual(len(self.column('causes', 1)), 5)
        self.assertTrue(all(name.endswith('layout') for name in self.column('causes', 2)))

    def test_none(self):
        report = documents.causes(0)
        report['totals']['caused'] = {'types': 0, 'bytes': 0}
        report['totals']['stay'] = {'types': 0, 'bytes': 0}
        self.show(causes=report)
        self.assertIn('There are none', self.one('#causes').text)

    def test_failures(self):
        self.show(causes=documents.causes(3, failures=[{'path': 'x/bad.ko', 'error': 'truncated'}]))
        self.assertIn('truncated', self.one('#not-explained').text)

    def test_beside_a_report(self):
        self.show(report=documents.tree(20), causes=documents.causes(5))
        self.assertEqual(len(self.all('h1')), 1)
        self.assertTrue(self.all('#modules-table') and self.all('#causes-table'))
        self.assertEqual(self.script('''const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
            return ids.filter((id, i) => ids.indexOf(id) !== i)'''), [])


if __name__ == '__main__':
    unittest.main()
