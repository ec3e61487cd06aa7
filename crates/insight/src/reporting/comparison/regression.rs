//! Least squares over columns of noughts and ones, with errors that hold where the spread differs from row to row and
//! rows of one cluster go together: HC3's cluster form (CR3), which is HC3 itself where each row is its own cluster.

use std::collections::BTreeMap;

/// What is left of a column that the columns before it explain.
const TOLERANCE: f64 = 1e-9;

/// One observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The columns that are one; all others are nought.
    pub ones: Vec<usize>,
    /// What is explained.
    pub value: f64,
    /// What it goes together with.
    pub cluster: i64,
}

/// A difference of two effects.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
}

/// A fit. A column that those before it explain has no effect of its own.
#[derive(Debug, Clone)]
pub struct Fit {
    columns: usize,
    gram: Vec<f64>,
    inverse: Vec<f64>,
    effects: Vec<f64>,
    spread: Vec<f64>,
}

impl Fit {
    /// Fits.
    #[must_use]
    pub fn of(columns: usize, rows: &[Row]) -> Self {
        let mut gram = vec![0.0; columns * columns];
        let mut sums = vec![0.0; columns];
        for row in rows {
            for a in &row.ones {
                sums[*a] += row.value;
                for b in &row.ones {
                    gram[a * columns + b] += 1.0;
                }
            }
        }
        let inverse = inverse(&gram, columns);
        let effects: Vec<f64> =
            (0..columns).map(|a| (0..columns).map(|b| inverse[a * columns + b] * sums[b]).sum()).collect();
        let spread = spread(columns, &inverse, &effects, rows);
        Self { columns, gram, inverse, effects, spread }
    }

    /// The effects, column by column.
    #[must_use]
    pub fn effects(&self) -> &[f64] {
        &self.effects
    }

    /// By how much one column's effect exceeds another's; none where the rows cannot tell the two apart.
    #[must_use]
    pub fn contrast(&self, plus: Option<usize>, minus: Option<usize>) -> Option<Contrast> {
        let terms: Vec<(usize, f64)> =
            plus.map(|column| (column, 1.0)).into_iter().chain(minus.map(|column| (column, -1.0))).collect();
        if !self.estimable(&terms) {
            return None;
        }
        let estimate = terms.iter().map(|(column, sign)| sign * self.effects[*column]).sum();
        let mut variance = 0.0;
        for (a, sign) in &terms {
            for (b, other) in &terms {
                variance += sign * other * self.spread[a * self.columns + b];
            }
        }
        Some(Contrast { estimate, error: variance.max(0.0).sqrt() })
    }

    /// Whether every solution of the normal equations gives the same: c G X'X = c.
    fn estimable(&self, terms: &[(usize, f64)]) -> bool {
        let columns = self.columns;
        let weights: Vec<f64> =
            (0..columns).map(|b| terms.iter().map(|(a, sign)| sign * self.inverse[a * columns + b]).sum()).collect();
        (0..columns).all(|b| {
            let given: f64 = (0..columns).map(|a| weights[a] * self.gram[a * columns + b]).sum();
            let asked: f64 = terms.iter().filter(|(a, _)| *a == b).map(|(_, sign)| sign).sum();
            (given - asked).abs() < 1e-6
        })
    }
}

/// A generalised inverse of a symmetric matrix without negative directions, by sweeping; what hangs on earlier columns
/// is left out (Goodnight, "A tutorial on the SWEEP operator", 1979).
fn inverse(matrix: &[f64], size: usize) -> Vec<f64> {
    let mut swept = matrix.to_vec();
    let whole: Vec<f64> = (0..size).map(|at| matrix[at * size + at]).collect();
    for at in 0..size {
        let pivot = swept[at * size + at];
        if pivot <= TOLERANCE * whole[at].max(f64::MIN_POSITIVE) {
            for other in 0..size {
                swept[at * size + other] = 0.0;
                swept[other * size + at] = 0.0;
            }
            continue;
        }
        for other in 0..size {
            swept[at * size + other] /= pivot;
        }
        for row in (0..size).filter(|row| *row != at) {
            let factor = swept[row * size + at];
            if factor != 0.0 {
                for other in 0..size {
                    swept[row * size + other] -= factor * swept[at * size + other];
                }
                swept[row * size + at] = -factor / pivot;
            }
        }
        swept[at * size + at] = 1.0 / pivot;
    }
    swept
}

/// The spread of the effects: for each cluster by how much the effects move when it is left out.
fn spread(columns: usize, inverse: &[f64], effects: &[f64], rows: &[Row]) -> Vec<f64> {
    let mut clusters: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        clusters.entry(row.cluster).or_default().push(row);
    }
    let mut spread = vec![0.0; columns * columns];
    for own in clusters.values() {
        let moved = moved(columns, inverse, effects, own);
        for (a, by) in moved.iter().enumerate().filter(|(_, by)| **by != 0.0) {
            for (b, other) in moved.iter().enumerate() {
                spread[a * columns + b] += by * other;
            }
        }
    }
    spread
}

/// By how much the effects move when a cluster is left out: G X' (I − H)⁻¹ e.
fn moved(columns: usize, inverse_gram: &[f64], effects: &[f64], own: &[&Row]) -> Vec<f64> {
    let size = own.len();
    let mut left = vec![0.0; size * size];
    for (a, row) in own.iter().enumerate() {
        for (b, other) in own.iter().enumerate() {
            let sums = row.ones.iter().map(|x| other.ones.iter().map(|y| inverse_gram[x * columns + y]).sum::<f64>());
            let hat: f64 = sums.sum();
            left[a * size + b] = f64::from(u8::from(a == b)) - hat;
        }
    }
    let left = inverse(&left, size);
    let residual = |row: &Row| row.value - row.ones.iter().map(|column| effects[*column]).sum::<f64>();
    let residuals: Vec<f64> = own.iter().map(|row| residual(row)).collect();
    let mut score = vec![0.0; columns];
    for (a, row) in own.iter().enumerate() {
        let weight: f64 = (0..size).map(|b| left[a * size + b] * residuals[b]).sum();
        for column in &row.ones {
            score[*column] += weight;
        }
    }
    (0..columns).map(|a| (0..columns).map(|b| inverse_gram[a * columns + b] * score[b]).sum()).collect()
}
