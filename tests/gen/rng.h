/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers that are the same on every machine: splitmix64
 * (Steele, Lea, Flood 2014).
 */
#ifndef TESTS_GEN_RNG_H
#define TESTS_GEN_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

static inline uint64_t rng_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static inline uint64_t rng_next(struct rng *r)
{
	r->state += 0x9e3779b97f4a7c15u;
	return rng_mix(r->state);
}

/* A number below @n (n > 0). */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)(((rng_next(r) >> 32) * n) >> 32);
}

/* From @lo to @hi, both included. */
static inline uint32_t rng_range(struct rng *r, uint32_t lo, uint32_t hi)
{
	return lo + rng_below(r, hi - lo + 1);
}

static inline bool rng_chance(struct rng *r, unsigned int percent)
{
	return rng_below(r, 100) < percent;
}

/* True @k times of @n. */
static inline bool rng_of(struct rng *r, uint32_t k, uint32_t n)
{
	return rng_below(r, n) < k;
}

#endif
