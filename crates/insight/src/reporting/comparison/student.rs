//! Quantiles of Student's distribution, from the incomplete beta function (Abramowitz and Stegun 26.5.8, 26.7.1).

/// The number below which a share of Student's distribution lies, of so many degrees of freedom: 0.975 and 7 give 2.36.
#[must_use]
pub fn quantile(share: f64, freedom: f64) -> f64 {
    if share < 0.5 {
        return -quantile(1.0 - share, freedom);
    }
    let (mut low, mut high) = (0.0, 1.0);
    while below(high, freedom) < share && high < 1.0e12 {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if below(middle, freedom) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Which share lies below a number that is not negative.
fn below(t: f64, freedom: f64) -> f64 {
    1.0 - 0.5 * beta_share(freedom / (freedom + t * t), freedom / 2.0, 0.5)
}

/// The regularised incomplete beta function.
fn beta_share(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const SMALLEST: f64 = 1.0e-300;
    let safe = |value: f64| if value.abs() < SMALLEST { SMALLEST } else { value };
    let mut above = 1.0;
    let mut below = 1.0 / safe(1.0 - (a + b) * x / (a + 1.0));
    let mut whole = below;
    for step in 1..=500 {
        let at = f64::from(step);
        let even = at * (b - at) * x / ((a + 2.0 * at - 1.0) * (a + 2.0 * at));
        below = 1.0 / safe(1.0 + even * below);
        above = safe(1.0 + even / above);
        whole *= below * above;
        let odd = -(a + at) * (a + b + at) * x / ((a + 2.0 * at) * (a + 2.0 * at + 1.0));
        below = 1.0 / safe(1.0 + odd * below);
        above = safe(1.0 + odd / above);
        whole *= below * above;
        if (below * above - 1.0).abs() < 1.0e-15 {
            break;
        }
    }
    whole
}

/// The logarithm of the gamma function of a positive number (Lanczos, g = 7).
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let mut sum = 0.999_999_999_999_809_9;
    let mut at = x;
    for term in TERMS {
        at += 1.0;
        sum += term / at;
    }
    let shifted = x + 7.5;
    0.5 * (2.0 * core::f64::consts::PI).ln() + (x + 0.5) * shifted.ln() - shifted + sum.ln()
}
