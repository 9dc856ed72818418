// The mean-field map of 1-bit self-attention, with one tangent for the largest Lyapunov exponent.
(function (root) {
  "use strict";

  // `model`: patterns M, context L, cycle P, gammaUnit (gamma / beta_att), signs (4 x 3), response [alpha][a][j], positional [alpha][p][a];
  // `window`: attention (L x M, newest first) and the positional pattern of the newest entry. Fields: 0 output, 1 value, 2 query, 3 key.
  class MeanFieldMap {
    constructor(model, window, { beta, betaAtt, epsilon }) {
      Object.assign(this, { model, beta, betaAtt, epsilon, phase: window.phase, steps: 0 });
      this.a = window.attention.map((row) => Float64Array.from(row));
      // a tangent that no symmetry singles out
      this.tangent = this.a.map((row, d) => row.map((_, k) => Math.cos(1 + 2 * d + 3 * k)));
      this.growth = 0;
      this.counted = 0;
      this.#normalise(false);
    }

    // Field `which` of an attention vector with positional pattern p, and its derivative along the tangent t.
    #field(a, t, p, which) {
      const { model, beta, epsilon } = this, M = model.patterns;
      const value = new Float64Array(M), change = new Float64Array(M);
      for (let j = 0; j < 4; j += 1) {
        let sum = 0, along = 0;
        for (let b = 0; b < M; b += 1) {
          sum += model.signs[j][b] * a[b];
          along += model.signs[j][b] * t[b];
        }
        const response = Math.tanh(beta * sum), slope = beta * (1 - response * response) * along;
        for (let k = 0; k < M; k += 1) {
          value[k] += model.response[which][k][j] * response;
          change[k] += model.response[which][k][j] * slope;
        }
      }
      for (let k = 0; k < M; k += 1) {
        value[k] = (1 - epsilon) * value[k] + epsilon * model.positional[which][p][k];
        change[k] *= 1 - epsilon;
      }
      return [value, change];
    }

    step() {
      const { model, a, tangent } = this, M = model.patterns, L = a.length;
      const gamma = this.betaAtt * model.gammaUnit;
      const place = (d) => (((this.phase - d) % model.cycle) + model.cycle) % model.cycle;
      const [query, queryChange] = this.#field(a[0], tangent[0], place(0), 2);
      const logits = [], slopes = [], values = [], changes = [];
      for (let d = 0; d < L; d += 1) {
        const [key, keyChange] = this.#field(a[d], tangent[d], place(d), 3);
        const [value, change] = this.#field(a[d], tangent[d], place(d), 1);
        let logit = 0, slope = 0;
        for (let k = 0; k < M; k += 1) {
          logit += query[k] * key[k];
          slope += queryChange[k] * key[k] + query[k] * keyChange[k];
        }
        logits.push(gamma * logit); slopes.push(gamma * slope); values.push(value); changes.push(change);
      }
      const largest = Math.max(...logits);
      let sum = 0, mean = 0;
      const weights = logits.map((logit, d) => {
        const w = Math.exp(logit - largest);
        sum += w; mean += w * slopes[d];
        return w;
      });
      mean /= sum;
      const next = new Float64Array(M), nextTangent = new Float64Array(M);
      for (let d = 0; d < L; d += 1) {
        const w = weights[d] / sum;
        for (let k = 0; k < M; k += 1) {
          next[k] += w * values[d][k];
          nextTangent[k] += w * (changes[d][k] + (slopes[d] - mean) * values[d][k]);
        }
      }
      this.a = [next, ...a.slice(0, L - 1)];
      this.tangent = [nextTangent, ...tangent.slice(0, L - 1)];
      this.phase = (this.phase + 1) % model.cycle;
      this.steps += 1;
      this.#normalise(true);
    }

    #normalise(count) {
      let square = 0;
      for (const row of this.tangent) for (const value of row) square += value * value;
      const length = Math.sqrt(square);
      if (!(length > 0)) return;
      for (const row of this.tangent) for (let k = 0; k < row.length; k += 1) row[k] /= length;
      if (count) { this.growth += Math.log(length); this.counted += 1; }
    }

    // The exponent from here on: what came before is a transient.
    forget() { this.growth = 0; this.counted = 0; }

    // Largest Lyapunov exponent so far, per step.
    get exponent() { return this.counted ? this.growth / this.counted : NaN; }

    // m^{o,se}: what the figures plot.
    observables() {
      const { model, beta, epsilon } = this;
      const zero = new Float64Array(model.patterns);
      const [value] = this.#field(this.a[0], zero, 0, 0);
      return Array.from(value, (m, k) => m - epsilon * model.positional[0][0][k]);
    }
  }

  Object.assign(root, { MeanFieldMap });
})(globalThis.PLAYGROUND = globalThis.PLAYGROUND || {});
