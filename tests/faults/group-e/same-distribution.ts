/**
 * Kolmogorov and Smirnov's test of two samples: how probable it is that two samples of one distribution differ as much as these
 * (asymptotic, with Stephens' correction for samples that are not very large).
 */
export function sameDistribution(one: readonly number[], other: readonly number[]): number {
  const [first, second] = [one, other].map((sample) => Float64Array.from(sample).sort()) as [
    Float64Array,
    Float64Array,
  ];
  let largest = 0;
  for (let i = 0, j = 0; i < first.length && j < second.length; ) {
    const at = Math.min(first[i] ?? 0, second[j] ?? 0);
    while (i < first.length && first[i] === at) i += 1;
    while (j < second.length && second[j] === at) j += 1;
    largest = Math.max(largest, Math.abs(i / first.length - j / second.length));
  }
  const size = Math.sqrt((first.length * second.length) / (first.length + second.length));
  const scaled = (size + 0.12 + 0.11 / size) * largest;
  let sum = 0;
  for (let term = 1; term <= 100; term += 1) {
    sum += (term % 2 === 1 ? 2 : -2) * Math.exp(-2 * term * term * scaled * scaled);
  }
  // The series does not converge for samples that are the same.
  return scaled < 0.2 ? 1 : Math.min(1, Math.max(0, sum));
}
