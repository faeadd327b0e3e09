// y ~ Bernoulli(logit^-1(X beta + Z b_g)); b_j ~ MVN(0, diag(tau) Omega diag(tau))
// priors: beta ~ normal(0, sb); tau ~ half-Cauchy(0, sc); Omega ~ LKJ(eta)
data { int<lower=1> N; int<lower=1> p; int<lower=1> q; int<lower=1> J;
  matrix[N,p] X; matrix[N,q] Z; int<lower=1,upper=J> g[N]; int<lower=0,upper=1> y[N];
  real sb; real sc; real eta; }
parameters { vector[p] beta; vector<lower=0>[q] tau; cholesky_factor_corr[q] L; matrix[q,J] z; }
transformed parameters { matrix[J,q] b; b = (diag_pre_multiply(tau, L) * z)'; }
model {
  beta ~ normal(0, sb); tau ~ cauchy(0, sc); L ~ lkj_corr_cholesky(eta); to_vector(z) ~ normal(0, 1);
  if (q == 1) y ~ bernoulli_logit_glm(X, to_vector(b[g,1]) .* col(Z,1), beta); else y ~ bernoulli_logit_glm(X, rows_dot_product(Z, b[g]), beta);
}
generated quantities { matrix[q,q] Omega; Omega = multiply_lower_tri_self_transpose(L); }
