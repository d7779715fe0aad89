# SPDX-License-Identifier: GPL-2.0-only
"""Documents to show: reports as btfbatch writes them, of any number of modules."""
import random

KINDS = ['PTR', 'ARRAY', 'STRUCT', 'UNION', 'ENUM', 'FWD', 'TYPEDEF', 'CONST', 'FUNC', 'FUNC_PROTO', 'VAR']
DIRS = ['kernel/drivers/net/ethernet', 'kernel/drivers/net/wireless', 'kernel/drivers/gpu/drm/amd',
        'kernel/drivers/usb', 'kernel/fs/xfs', 'kernel/fs/nfs', 'kernel/net/netfilter', 'kernel/sound/soc',
        'kernel/lib']


def module(path, rng, scale=1):
    """A module that is ok; its parts add up."""
    kinds = {kind: {'types': n, 'bytes': 12 * n * rng.randint(1, 9)}
             for kind in KINDS if rng.random() < 0.8 for n in [rng.randint(1, 200) * scale]}
    types = sum(k['bytes'] for k in kinds.values())
    strings = rng.randint(100, 9000) * scale
    split = 24 + types + strings
    out = sum(k['types'] for k in kinds.values())
    return {'path': path, 'status': 'ok', 'input_form': 'standalone',
            'input_bytes': split * rng.randint(1, 30) + rng.randint(0, 99),
            'input_types': out * rng.randint(1, 20), 'split_bytes': split, 'split_types': out,
            'split_type_bytes': types, 'split_string_bytes': strings, 'xxh3': '0' * 16, 'kinds': kinds}


def report(modules, shared=None):
    ok = [m for m in modules if m['status'] == 'ok']

    def count(status):
        return sum(m['status'] == status for m in modules)

    document = {
        'schema': 'btfbatch-report/1', 'version': '0.1.0',
        'base': {'path': '/boot/vmlinux', 'bytes': 4267531, 'types': 100642, 'strings_bytes': 1194000,
                 'xxh3': 'f' * 16},
        'totals': {'modules': len(modules), 'ok': len(ok), 'no_btf': count('no-btf'),
                   'failed': count('failed'),
                   **{key: sum(m[key] for m in ok) for key in
                      ('input_bytes', 'split_bytes', 'input_types', 'split_types')}},
        'modules': modules}
    if shared is not None:
        document['shared'] = shared
    return document


def tree(number, seed=1, dirs=DIRS):
    """A report of that many modules, in path order."""
    rng = random.Random(seed)
    paths = sorted(f'{dirs[i % len(dirs)]}/mod{i:05}.ko' for i in range(number))
    return report([module(path, rng, 1 + 40 * (rng.random() < 0.05)) for path in paths])


def failed(path, error):
    return {'path': path, 'status': 'failed', 'error': error}


def no_btf(path):
    return {'path': path, 'status': 'no-btf'}


def shared(number, seed=2):
    rng = random.Random(seed)
    named = []
    for i in range(number):
        size, modules = rng.randint(3, 200) * 4, rng.randint(2, 300)
        named.append({'kind': rng.choice(['STRUCT', 'ENUM', 'UNION']), 'name': f'type_{i:04}', 'bytes': size,
                      'modules': modules, 'saved': size * (modules - 1), 'hash': '0' * 16,
                      'first': f'kernel/fs/f{i}.ko'})
    named.sort(key=lambda t: -t['saved'])
    return {'types': number + 7, 'saved': sum(t['saved'] for t in named) + 700,
            'anonymous': {'types': 7, 'saved': 700}, 'named': named}


def causes(number, seed=3, failures=()):
    rng = random.Random(seed)
    kinds = ['encoder', 'layout', 'declared', 'ambiguous', 'undecided']
    found, together = [], 0
    for i in range(number):
        alone = rng.randint(1, 5000) * 4
        together += alone + rng.randint(0, 9000)
        found.append({'kind': kinds[i % 5], 'type': f'enum root_{i}', 'base_id': 1000 + i,
                      'cause': f'enum root_{i}: signed in the base, unsigned here',
                      'path': f'task_struct.f{i} -> enum root_{i}: signed in the base, unsigned here',
                      'waiting': {'types': rng.randint(1, 9000), 'bytes': alone + rng.randint(0, 90000) * 4},
                      'alone': {'types': rng.randint(1, 90), 'bytes': alone}, 'together_bytes': together,
                      'modules': [f'kernel/fs/f{m}.ko' for m in range(rng.randint(1, 40))]})
    found.sort(key=lambda c: -c['waiting']['bytes'])
    return {'schema': 'btfbatch-explain/1', 'version': '0.1.0', 'base': {'path': '/boot/vmlinux', 'types': 100642},
            'totals': {'modules': 40, 'ok': 40 - len(failures), 'no_btf': 0, 'failed': len(failures),
                       'stay': {'types': 5000, 'bytes': together + 90000}, 'new': {'types': 900, 'bytes': 89000},
                       'never': {'types': 10, 'bytes': 1000}, 'caused': {'types': 4090, 'bytes': together}},
            'failures': list(failures), 'causes': found}


# -- As the page has to say it, in other words than those of its scripts --

def size(count):
    if count < 1024:
        return f'{count} B'
    for unit in ('KiB', 'MiB', 'GiB', 'TiB'):
        # Halves are rounded up, as btfbatch does; round() would take the even neighbour.
        tenths = (count * 10 * 2 // 1024 + 1) // 2 if unit == 'KiB' else int(value * 10 / 1024 + 0.5)
        value = count / 1024 if unit == 'KiB' else value / 1024
        if tenths < 10240:
            return f'{tenths // 10}.{tenths % 10} {unit}'
    raise AssertionError(count)


def number(count):
    return f'{count:,}'


def both(old, new):
    return {'old': old, 'new': new}


def diff_module(path, old, new, change=None, types=None):
    m = {'path': path, 'key': path.split('/', 3)[3] if path.startswith('lib/modules/') else path,
         'change': change or ('grew' if new > old else 'shrank' if new < old else 'same'),
         'split_bytes': both(old, new), 'split_types': both(old // 40, new // 40)}
    if types is not None:
        m['types'], m['anonymous'] = types, {'PTR': both(3, 5)}
    return m


def diff_report(modules, over=()):
    """As btfbatch diff --json has it, for these modules."""
    known = [m for m in modules if m['change'] != 'failed']
    changes = {change: sum(m['change'] == change for m in modules)
               for change in ('grew', 'shrank', 'same', 'came', 'went', 'failed')}
    base = {'path': 'vmlinux', 'bytes': 4267531, 'types': 100642, 'xxh3': '0' * 16}
    old = sum(m['split_bytes']['old'] for m in known)
    new = sum(m['split_bytes']['new'] for m in known)
    return {'schema': 'btfbatch-diff/1', 'version': '0.1.0',
            'old': {'name': 'old.json', 'version': '0.1.0', 'base': base},
            'new': {'name': 'new.json', 'version': '0.1.0', 'base': base},
            'totals': {'modules': both(len(known) - changes['came'], len(known) - changes['went']), **changes,
                       'input_bytes': both(9 * old, 9 * new), 'split_bytes': both(old, new),
                       'input_types': both(old // 10, new // 10), 'split_types': both(old // 40, new // 40)},
            'kinds': {'STRUCT': {'types': both(old // 90, new // 90), 'bytes': both(old // 3, new // 3)},
                      'PTR': {'types': both(old // 80, old // 90), 'bytes': both(old // 9, old // 10)},
                      'VAR': {'types': both(5, 5), 'bytes': both(80, 80)}},
            'over_budget': list(over),
            'modules': sorted(modules, key=lambda m: -abs(m['split_bytes']['new'] - m['split_bytes']['old'])
                              if m['change'] != 'failed' else 1)}


def diff(number, seed=4):
    rng = random.Random(seed)
    modules = []
    for i in range(number):
        path, old = f'{DIRS[i % len(DIRS)]}/mod{i:05}.ko', rng.randint(40, 300000)
        if i % 10 == 0:
            modules.append(diff_module(path, 0, old, 'came'))
        elif i % 10 == 1:
            modules.append(diff_module(path, old, 0, 'went'))
        elif i % 10 == 2:
            modules.append(diff_module(path, old, old))
        else:
            new = max(40, int(old * rng.uniform(0.6, 1.6))) + i
            types = [{'kind': 'STRUCT', 'name': f't{i}_{t}', 'bytes': both(rng.choice([0, 40]), 44 + t * 4)}
                     for t in range(i % 7 + 1)]
            types[0]['lost_merge'] = True
            modules.append(diff_module(path, old, new, types=types))
    over = [{'path': None, 'limit': '+1%', 'where': '--max-total', 'split_bytes': both(100, 200), 'allowed': 101},
            {'path': modules[0]['path'], 'limit': '4KiB', 'where': 'budgets:3',
             'split_bytes': modules[0]['split_bytes'], 'allowed': 4096}]
    return diff_report(modules, over)
