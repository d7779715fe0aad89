# SPDX-License-Identifier: GPL-2.0-only
"""The map: areas in proportion, and going through the tree with the mouse."""
import random
import re
import unittest

import documents
from browser import PageTest


def below(report, prefix):
    return [m for m in report['modules'] if m['path'].startswith(prefix) and m['status'] == 'ok']


def split(modules):
    return sum(m['split_bytes'] for m in modules)


class Map(PageTest):
    def sizes(self):
        """What the areas' labels say they have, in the order of the map."""
        return [re.search(r': ([0-9.]+ [KMG]?i?B)', label).group(1) for label, _ in self.tiles()]

    def test_directories_by_size(self):
        report = documents.tree(400)
        self.show(report=report)
        self.assertEqual(self.trail(), ['kernel'])
        expected = sorted((split(below(report, f'kernel/{d}/')) for d in ('drivers', 'fs', 'net', 'sound', 'lib')),
                          reverse=True)
        self.assertEqual(self.sizes(), [documents.size(count) for count in expected])

    def test_areas_are_in_proportion_and_fill_the_map(self):
        report = documents.report([documents.module(f'm{i}.ko', random.Random(i)) for i in range(25)])
        whole = split(report['modules'])
        self.show(report=report)
        covered = 0
        for label, (_, _, width, height) in self.tiles():
            module = next(m for m in report['modules'] if label.startswith(f"{m['path']}: "))
            # Two pixels of 840 x 640 are between any two of them.
            self.assertAlmostEqual(width * height, module['split_bytes'] / whole, delta=0.012, msg=label)
            covered += width * height
        self.assertEqual(len(self.tiles()), 25)
        self.assertGreater(covered, 0.93)

    def test_click_goes_deeper_and_the_trail_leads_back(self):
        report = documents.tree(400)
        self.show(report=report)
        self.enter('drivers')
        self.assertEqual(self.trail(), ['kernel', 'drivers'])
        self.assertEqual(self.texts('.panel h3'), ['drivers'])
        self.enter('net')
        self.enter('wireless')
        modules = below(report, 'kernel/drivers/net/wireless/')
        self.assertEqual(self.trail(), ['kernel', 'drivers', 'net', 'wireless'])
        self.assertEqual(self.texts('.panel .facts dd')[0], documents.number(len(modules)))
        largest = max(modules, key=lambda m: m['split_bytes'])
        name = largest['path'].rsplit('/', 1)[1]
        self.enter(name)
        self.assertEqual(self.trail()[-1], name)
        kinds = [(k, v['bytes']) for k, v in largest['kinds'].items()]
        kinds += [('strings', largest['split_string_bytes']), ('header', 24)]
        whole = largest['split_bytes']
        for label, (_, _, width, height) in self.tiles():
            kind = label.split(':')[0]
            if kind in dict(kinds):
                self.assertAlmostEqual(width * height, dict(kinds)[kind] / whole, delta=0.012, msg=label)
        self.assertIn(max(kinds, key=lambda k: k[1])[0], self.tiles()[0][0])
        self.all('.trail button')[1].click()
        self.wait(lambda: self.trail() == ['kernel', 'drivers'])

    def test_the_browser_goes_back_and_a_place_has_an_address(self):
        self.show(report=documents.tree(400))
        self.enter('fs')
        self.enter('xfs')
        place = self.script('return location.hash')
        self.browser.back()
        self.wait(lambda: self.trail() == ['kernel', 'fs'])
        self.browser.back()
        self.wait(lambda: self.trail() == ['kernel'])
        self.open(place)
        self.assertEqual(self.trail(), ['kernel', 'fs', 'xfs'])
        for wrong in ('#in=kernel%2Fnowhere', '#in=%', '#in=kernel%2Ffs%2F%2F99999-5', '#other'):
            self.open(wrong)
            self.assertEqual(self.trail()[0], 'kernel')

    def groups(self):
        """Which areas stand for several: (their places by size, as the map says them)."""
        return [label.split(' by size')[0] for label, _ in self.tiles() if ' by size, together ' in label]

    def test_what_is_small_is_put_together_and_can_be_entered(self):
        report = documents.tree(3000, dirs=['all'])
        paths = [m['path'] for m in sorted(report['modules'], key=lambda m: -m['split_bytes'])]
        self.show(report=report)
        places, seen = [], []

        def look():
            labels = [label for label, _ in self.tiles()]
            self.assertLessEqual(len(labels), 180)
            seen.extend(label.split(':')[0] for label in labels if ' by size' not in label)
            return [self.groups(), self.script('return location.hash')]

        places.append(look())
        while places:
            groups, place = places.pop()
            for group in groups:
                self.script('location.hash = arguments[0]', place)
                self.wait(lambda: group in self.groups())
                self.enter(f'{group} by size')
                self.assertEqual(self.trail(), ['all', group])
                places.append(look())
        self.assertEqual(len(seen), 3000)
        self.assertEqual(set(seen), set(paths))
        first, end = self.trail()[1].replace(',', '').split('\u2013')
        self.assertLessEqual({label.split(':')[0] for label, _ in self.tiles() if ' by size' not in label},
                             set(paths[int(first) - 1:int(end)]))

    def test_ten_thousand_of_one_size_are_three_clicks_away(self):
        one = documents.module('x', random.Random(1))
        self.show(report=documents.report([{**one, 'path': f'all/m{i:05}.ko'} for i in range(10000)]))
        for _ in range(2):
            if not self.groups():
                break
            self.enter(f'{self.groups()[-1]} by size')
        self.assertEqual(self.groups(), [])
        self.enter(self.tiles()[0][0].split(':')[0])
        self.assertEqual(self.texts('.panel h3'), [self.trail()[-1]])

    def test_pointing_says_what_it_is(self):
        report = documents.tree(100)
        self.show(report=report)
        tile = self.tile('fs')
        self.script('''arguments[0].querySelector('.caption').dispatchEvent(
            new PointerEvent('pointerover', {bubbles: true}))''', tile)
        self.assertEqual(self.one('.info').text, tile.get_attribute('aria-label'))
        modules = below(report, 'kernel/fs/')
        self.assertIn(f'{len(modules)} modules: {documents.size(split(modules))} of '
                      f"{documents.size(sum(m['input_bytes'] for m in modules))} left", self.one('.info').text)

    def test_a_module_of_the_table_is_shown_in_the_map(self):
        report = documents.tree(200)
        self.show(report=report)
        self.one('#modules-search').send_keys('mod00123')
        self.one('#modules tbody button').click()
        self.wait(lambda: self.trail()[-1] == 'mod00123.ko')
        self.assertEqual(self.texts('.panel h3'), ['mod00123.ko'])

    def test_a_directory_and_a_module_of_one_name(self):
        rng = random.Random(5)
        self.show(report=documents.report([documents.module(p, rng) for p in ('a', 'a/b', 'a/c', 'd//e', 'x')]))
        self.assertEqual(sorted(label.split(':')[0] for label, _ in self.tiles()),
                         ['a', 'a, 2 modules', 'd/, 1 module', 'x'])
        self.tile('a, 2 modules').click()
        self.wait(lambda: len(self.trail()) == 2)
        self.assertEqual(len(self.tiles()), 2)

    def test_it_follows_the_width(self):
        self.show(report=documents.tree(300))
        before = self.one('.map').size['width']
        self.browser.set_window_size(700, 900)
        self.addCleanup(self.browser.set_window_size, 1400, 1200)
        self.wait(lambda: self.one('.map').size['width'] < before - 100)
        self.wait(lambda: all(left + width <= 1.001 for _, (left, _, width, _) in self.tiles()))
        self.assertGreater(sum(w * h for _, (_, _, w, h) in self.tiles()), 0.93)


if __name__ == '__main__':
    unittest.main()
