# SPDX-License-Identifier: GPL-2.0-only
"""The page of a comparison: growth beside shrinkage."""
import random
import unittest

import documents
from browser import PageTest


def change(m):
    return m['split_bytes']['new'] - m['split_bytes']['old']


def signed(count, text=documents.size):
    return ('\u2212' if count < 0 else '+') + text(abs(count))


class Diff(PageTest):
    def name(self, m):
        return m['path'].rsplit('/', 1)[1]

    def side(self, number):
        """The names and figures of the left (1) or right (2) list, and how wide its bars are."""
        return self.script('''
            return Array.from(document.querySelectorAll(`#sides .columns > :nth-child(${arguments[0]}) li`), (li) =>
                [li.querySelector('.path').innerText.split('/').pop(), li.querySelector('.number').innerText,
                li.querySelector('.fill').getBoundingClientRect().width])''', number)

    def test_growth_stands_beside_shrinkage_on_one_scale(self):
        report = documents.diff(200)
        self.show(diff=report)
        grown = sorted((m for m in report['modules'] if change(m) > 0), key=lambda m: -change(m))
        shrunk = sorted((m for m in report['modules'] if change(m) < 0), key=change)
        sides = [self.side(1), self.side(2)]
        for side, expected in zip(sides, (grown, shrunk)):
            self.assertEqual([row[:2] for row in side], [[self.name(m), signed(change(m))] for m in expected[:15]])
        widest = max(change(grown[0]), -change(shrunk[0]))
        full = max(row[2] for side in sides for row in side)
        for side, expected in zip(sides, (grown, shrunk)):
            for row, m in zip(side, expected):
                self.assertAlmostEqual(row[2] / full, abs(change(m)) / widest, delta=0.01)
        heads = self.texts('#sides h3')
        self.assertEqual(heads[0], f'Larger: {len(grown)} modules, {signed(sum(map(change, grown)))}')
        self.assertEqual(heads[1], f'Smaller: {len(shrunk)} modules, {signed(sum(map(change, shrunk)))}')
        tops = self.script('''return Array.from(document.querySelectorAll('#sides .columns > div'),
            (d) => d.getBoundingClientRect().top)''')
        self.assertEqual(tops[0], tops[1])

    def test_totals_and_counts(self):
        report = documents.diff(100)
        t = report['totals']
        self.show(diff=report)
        values = self.texts('.tile .value')
        old, new = t['split_bytes']['old'], t['split_bytes']['new']
        self.assertEqual(values[0], signed(new - old))
        self.assertIn(f'{documents.size(old)} \u2192 {documents.size(new)}', self.all('.tile')[0].text)
        self.assertEqual(values[3], f"{sum(change(m) != 0 for m in report['modules'])} changed")
        for word in ('grew', 'shrank', 'came', 'went'):
            self.assertIn(f'{t[word]} {word}', self.all('.tile')[3].text)

    def test_over_budget(self):
        report = documents.diff(50)
        self.show(diff=report)
        rows = self.texts('#budget tbody tr')
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[0].split('\t'), ['the total', '+1%', '--max-total', '101 B', '200 B', '99 B'])
        self.assertIn('budgets:3', rows[1])
        report['over_budget'] = []
        self.show(diff=report)
        self.assertEqual(self.all('#budget'), [])

    def test_the_map_has_the_change_by_directory(self):
        report = documents.diff(200)
        self.show(diff=report)
        moved = {}
        for m in report['modules']:
            part = m['path'].split('/')[1]
            moved[part] = moved.get(part, 0) + abs(change(m))
        whole = sum(moved.values())
        # The name of a directory takes a little from what is beside it, and nothing from it.
        for label, (_, _, width, height) in self.tiles():
            part = label.split(',')[0].split('/')[1]
            self.assertAlmostEqual(width * height, moved[part] / whole, delta=0.012)
        self.enter('drivers')
        self.assertEqual(self.texts('.panel h3'), ['drivers'])
        drivers = [m for m in report['modules'] if m['path'].startswith('kernel/drivers/')]
        facts = dict(zip(self.texts('.panel dt'), self.texts('.panel dd')))
        self.assertEqual(facts['grown by'], documents.size(sum(max(0, change(m)) for m in drivers)))
        self.assertEqual(facts['shrunk by'], documents.size(sum(max(0, -change(m)) for m in drivers)))

    def test_versions_of_a_kernel_are_one_tree(self):
        self.show(diff=documents.diff_report([
            documents.diff_module('lib/modules/6.1/kernel/a/x.ko', 100, 0, 'went'),
            documents.diff_module('lib/modules/6.2/kernel/a/y.ko', 100, 300)]))
        self.assertEqual(self.trail(), ['kernel/a'])
        self.assertEqual(len(self.tiles()), 2)

    def test_types_of_a_module(self):
        types = [{'kind': 'STRUCT', 'name': f'type_{i:03}', 'bytes': documents.both(0, 400 + 4 * i)} for i in range(250)]
        types.append({'kind': 'STRUCT', 'name': 'file', 'bytes': documents.both(0, 4000), 'lost_merge': True})
        types.append({'kind': 'ENUM', 'name': 'gone', 'bytes': documents.both(80, 0)})
        m = documents.diff_module('kernel/fs/a.ko', 1000, 90000, types=types)
        self.show(diff=documents.diff_report([m, documents.diff_module('kernel/fs/b.ko', 500, 400)]))
        self.assertEqual(len(self.all('#modules tbody button')), 1)
        self.one('#modules tbody button').click()
        self.assertEqual(self.one('tr.detail .status').text, '252 in all')
        self.assertEqual(self.texts('tr.detail tbody th')[0], 'STRUCT file merge lost')
        self.assertIn('+2 PTR', self.one('tr.detail').text)
        self.one('tr.detail input').send_keys('gone')
        self.assertEqual(self.texts('tr.detail tbody td'), ['80 B', '', '\u221280 B'])
        self.enter('a.ko')
        self.assertEqual(self.texts('.panel table th')[:2], ['STRUCT file merge lost', 'STRUCT type_249'])
        self.one('.panel button').click()
        self.assertEqual(self.one('#modules-search').get_attribute('value'), 'kernel/fs/a.ko')
        self.assertEqual(len(self.all('tr.detail')), 1)

    def test_moved_and_failed(self):
        moved = documents.diff_module('kernel/new/a.ko', 100, 120)
        moved['old_path'] = 'kernel/old/a.ko'
        failed = {'path': 'kernel/b.ko', 'key': 'kernel/b.ko', 'change': 'failed', 'new_error': 'not BTF'}
        self.show(diff=documents.diff_report([moved, failed]))
        names = self.column('modules', 1)
        self.assertEqual(names, ['kernel/new/a.ko\nwas kernel/old/a.ko', 'kernel/b.ko\nfailed after: not BTF'])

    def test_nothing_changed(self):
        self.show(diff=documents.diff_report([documents.diff_module(f'{i}.ko', 100, 100) for i in range(3)]))
        self.assertEqual(self.texts('#sides h3'), ['Larger: none', 'Smaller: none'])
        self.assertEqual(self.all('.map'), [])
        self.assertEqual(self.texts('.tile .value')[0], 'unchanged')

    def test_ten_thousand_modules(self):
        report = documents.diff(10000)
        self.show(diff=report)
        self.assertEqual(len(self.column('modules', 1)), 100)
        self.assertLess(self.script('return document.querySelectorAll("*").length'), 7000)
        by = sorted(report['modules'], key=lambda m: change(m) / (m['split_bytes']['old'] or 1e-9))
        head = next(b for b in self.all('#modules-table > thead button') if b.text.startswith('In %'))
        head.click()
        head.click()
        self.assertEqual(self.column('modules', 7)[0], '\u2212100%')
        self.assertEqual(sum(b['change'] == 'went' for b in by), 1000)
        self.assertTrue(all(text == '\u2212100%' for text in self.column('modules', 7)))


if __name__ == '__main__':
    unittest.main()
