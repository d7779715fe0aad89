# SPDX-License-Identifier: GPL-2.0-only
"""The page of a report: what it says at the top, and of which modules."""
import unittest

import documents
from browser import PageTest


class Report(PageTest):
    def tile_of(self, label):
        return self.script('''
            const tile = [...document.querySelectorAll('.tile')].find((t) =>
                t.querySelector('dt').textContent === arguments[0]);
            return [tile.querySelector('.value').innerText,
                [...tile.querySelectorAll('.under')].map((u) => u.innerText)]''', label)

    def test_totals(self):
        report = documents.tree(300)
        t = report['totals']
        self.show(report=report)
        value, under = self.tile_of('Split BTF')
        self.assertEqual(value, documents.size(t['split_bytes']))
        self.assertEqual(under[0], f"from {documents.size(t['input_bytes'])}, "
                                   f"{t['input_bytes'] / t['split_bytes']:.1f}x smaller")
        value, under = self.tile_of('Types')
        self.assertEqual(value, documents.number(t['split_types']))
        self.assertEqual(under[0], f"from {documents.number(t['input_types'])}, "
                                   f"{t['input_types'] / t['split_types']:.1f}x fewer")
        self.assertEqual(self.tile_of('Modules'), ['300', ['all ok']])
        self.assertIn('/boot/vmlinux: 4.1 MiB, 100,642 types', self.one('header').text)
        self.assertEqual(self.browser.title, 'Split BTF report \u2013 btfbatch')

    def test_failures_come_first_and_can_be_filtered(self):
        report = documents.tree(20)
        report = documents.report(report['modules'] + [
            documents.no_btf('kernel/x/none.ko'), documents.failed('kernel/x/bad.ko', 'not BTF: <b>'),
            documents.failed('kernel/x/worse.ko', 'truncated')])
        self.show(report=report)
        self.assertEqual(self.tile_of('Modules'), ['23', ['20 ok', '1 without BTF', '2 failed']])
        self.assertEqual(self.texts('#failures li .bad'), ['not BTF: <b>', 'truncated'])
        self.assertEqual(self.texts('#modules option'), ['all', 'ok (20)', 'without BTF (1)', 'failed (2)'])
        self.one('#modules option:nth-child(4)').click()
        self.assertEqual(len(self.column('modules', 1)), 2)
        self.assertTrue(all('failed:' in name for name in self.column('modules', 1)))
        self.assertEqual(self.column('modules', 3), ['', ''])

    def test_before_and_after(self):
        report = documents.tree(50)
        self.show(report=report)
        t = report['totals']
        self.assertEqual(self.texts('.panel table:first-of-type tr'), [
            f"input\t{documents.size(t['input_bytes'])}", f"split\t{documents.size(t['split_bytes'])}"])
        full, part = self.script('''return Array.from(document.querySelectorAll('.panel .meter .fill'),
            (f) => f.getBoundingClientRect().width).slice(0, 2)''')
        self.assertAlmostEqual(part / full, t['split_bytes'] / t['input_bytes'], delta=0.02)

    def test_made_of_kinds(self):
        report = documents.tree(80)
        self.show(report=report)
        kinds = {'strings': sum(m['split_string_bytes'] for m in report['modules']), 'header': 24 * 80}
        for module in report['modules']:
            for kind, sums in module['kinds'].items():
                kinds[kind] = kinds.get(kind, 0) + sums['bytes']
        expected = sorted(kinds.items(), key=lambda item: -item[1])
        rows = self.script('''return Array.from(document.querySelectorAll('.panel table:last-of-type tbody tr'),
            (row) => [row.cells[0].innerText, row.cells[2].innerText])''')
        self.assertEqual(rows, [[kind, documents.size(count)] for kind, count in expected])

    def test_input_that_was_split_already_is_said_and_not_coloured(self):
        report = documents.tree(30)
        for module in report['modules']:
            module['input_bytes'], module['input_types'] = module['split_bytes'], module['split_types']
        self.show(report=documents.report(report['modules']))
        self.assertIn('split already', self.tile_of('Split BTF')[1][0])
        self.assertEqual(self.all('.legend'), [])

    def test_nothing_at_all(self):
        self.show(report=documents.report([]))
        self.assertEqual(self.tile_of('Modules')[0], '0')
        self.assertEqual(self.all('.map'), [])
        self.assertTrue(self.one('#modules .empty').is_displayed())
        self.show(report=documents.report([documents.failed('a.ko', 'bad')]))
        self.assertEqual(self.all('.map'), [])
        self.assertEqual(self.column('modules', 1), ['a.ko\nfailed: bad'])

    def test_shared_types(self):
        shared = documents.shared(250)
        report = documents.tree(10)
        report['shared'] = shared
        self.show(report=report)
        note = self.one('#shared .note').text
        self.assertIn(f"257 types stand in the split BTF of several modules; in the base they would save "
                      f"{documents.size(shared['saved'])}", note)
        self.assertEqual(self.column('shared', 1), [f"{t['kind']} {t['name']}" for t in shared['named'][:100]])
        self.assertEqual(self.column('shared', 4), [documents.size(t['saved']) for t in shared['named'][:100]])
        self.one('#shared-search').send_keys('type_0007')
        self.assertEqual(len(self.column('shared', 1)), 1)

    def test_no_section_of_shared_types_where_not_asked_for(self):
        self.show(report=documents.tree(10))
        self.assertEqual(self.all('#shared'), [])

    def test_a_common_directory_is_said_once(self):
        report = documents.tree(40, dirs=[f'lib/modules/6.1/{d}' for d in documents.DIRS])
        self.show(report=report)
        self.assertEqual(self.texts('#modules > .note'), ['Paths are below lib/modules/6.1/.'])
        self.assertTrue(all(name.startswith('kernel/') for name in self.column('modules', 1)))


if __name__ == '__main__':
    unittest.main()
