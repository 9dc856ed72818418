// Particles on the circle and the sphere: the steps of self-attention, with the numbers that are read off beside them.
(function (root) {
  "use strict";

  // A flow of n tokens on S^(d-1), advanced by Euler steps with the return to the sphere:
  //   x_i <- N(x_i + s h sum_j w_ij D x_j + sigma sqrt(h) xi_i),  w_ij ~ exp(beta <x_i, D x_j>),
  // the weights divided by their sum over j (softmax, "sa") or by n ("usa"); s = +1 raises the energy, -1 lowers it.
  class ParticleFlow {
    constructor({ kind = "sa", beta = 1, step = 0.1, direction = 1, causal = false, noise = 0, eigenvalues, points, dimension, seed = 1 }) {
      Object.assign(this, { kind, beta, step, direction, causal, noise, d: dimension });
      this.eigenvalues = eigenvalues || Array(dimension).fill(1);
      this.x = Float64Array.from(points);
      this.n = points.length / dimension;
      this.time = 0;
      this.steps = 0;
      this.pull = new Float64Array(points.length);
      this.sums = new Float64Array(this.n);
      this.random = gaussian(seed);
    }

    // Largest |<x, Dy>| on the sphere, by which exponents are shifted so that none overflows.
    get reach() { return Math.max(...this.eigenvalues.map(Math.abs)); }

    advance(count = 1) {
      for (let k = 0; k < count; k += 1) this.#one();
    }

    #one() {
      const { n, d, x, pull, sums, beta, causal } = this;
      const keys = this.#keys();
      const shift = this.kind === "sa" ? beta * this.reach : 0;
      pull.fill(0);
      sums.fill(0);
      for (let i = 0; i < n; i += 1) {
        // the matrix of weights is symmetric, as D is: each pair is met once
        for (let j = 0; j <= i; j += 1) {
          let form = 0;
          for (let k = 0; k < d; k += 1) form += x[i * d + k] * keys[j * d + k];
          const weight = Math.exp(beta * form - shift);
          for (let k = 0; k < d; k += 1) pull[i * d + k] += weight * keys[j * d + k];
          sums[i] += weight;
          if (!causal && j < i) { // a causal token attends to itself and those before it
            for (let k = 0; k < d; k += 1) pull[j * d + k] += weight * keys[i * d + k];
            sums[j] += weight;
          }
        }
      }
      for (let i = 0; i < n; i += 1) this.#move(i);
      this.time += this.step;
      this.steps += 1;
    }

    #keys() {
      const { n, d, x, eigenvalues } = this;
      const keys = new Float64Array(n * d);
      for (let i = 0; i < n; i += 1) for (let k = 0; k < d; k += 1) keys[i * d + k] = eigenvalues[k] * x[i * d + k];
      return keys;
    }

    #move(i) {
      const { n, d, x, pull, sums } = this;
      const scale = (this.direction * this.step) / (this.kind === "sa" ? sums[i] : n);
      const spread = this.noise * Math.sqrt(this.step);
      let square = 0;
      for (let k = 0; k < d; k += 1) {
        const moved = x[i * d + k] + scale * pull[i * d + k] + (spread ? spread * this.random() : 0);
        x[i * d + k] = moved;
        square += moved * moved;
      }
      const length = Math.sqrt(square);
      if (!(length > 1e-12) || !Number.isFinite(length)) throw new RangeError("a token lost its direction; take a smaller step");
      for (let k = 0; k < d; k += 1) x[i * d + k] /= length;
    }

    // E = n^-2 sum_ij exp(beta <x_i, D x_j>); attention_atlas' interaction_energy.
    energy() {
      const { n, d, x, beta } = this;
      const keys = this.#keys();
      let total = 0;
      for (let i = 0; i < n; i += 1) {
        let row = 0;
        for (let j = 0; j < i; j += 1) {
          let form = 0;
          for (let k = 0; k < d; k += 1) form += x[i * d + k] * keys[j * d + k];
          row += Math.exp(beta * form);
        }
        let own = 0;
        for (let k = 0; k < d; k += 1) own += x[i * d + k] * keys[i * d + k];
        total += 2 * row + Math.exp(beta * own);
      }
      return total / (n * n);
    }

    // Mean of <x_i, x_j> over i != j.
    meanInner() {
      const { n, d, x } = this;
      if (n < 2) return 1;
      let square = 0;
      for (let k = 0; k < d; k += 1) {
        let sum = 0;
        for (let i = 0; i < n; i += 1) sum += x[i * d + k];
        square += sum * sum;
      }
      return (square - n) / (n * (n - 1));
    }

    // Cluster of each token: joined by chains of pairs with an inner product above the threshold; numbered by size.
    clusters(threshold = 0.999) {
      const { n, d, x } = this;
      const parent = Int32Array.from({ length: n }, (_, i) => i);
      const find = (i) => {
        while (parent[i] !== i) { parent[i] = parent[parent[i]]; i = parent[i]; }
        return i;
      };
      for (let i = 0; i < n; i += 1) {
        for (let j = 0; j < i; j += 1) {
          let inner = 0;
          for (let k = 0; k < d; k += 1) inner += x[i * d + k] * x[j * d + k];
          if (inner > threshold) parent[find(i)] = find(j);
        }
      }
      const sizes = new Map();
      for (let i = 0; i < n; i += 1) sizes.set(find(i), (sizes.get(find(i)) || 0) + 1);
      const rank = new Map([...sizes.keys()].sort((a, b) => sizes.get(b) - sizes.get(a) || a - b).map((root, k) => [root, k]));
      return { count: sizes.size, labels: Int32Array.from({ length: n }, (_, i) => rank.get(find(i))) };
    }
  }

  // Normal numbers for the noise (mulberry32 and Box and Muller): the same for the same seed.
  function gaussian(seed) {
    let state = seed >>> 0;
    const uniform = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  }

  Object.assign(root, { ParticleFlow });
})(globalThis.PLAYGROUND = globalThis.PLAYGROUND || {});
