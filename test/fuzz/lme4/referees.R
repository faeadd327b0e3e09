# What lme4 is too imprecise for, or does not offer, written down densely.

# Labels of our theta in lme4's order of words: g[Intercept,x1] is g.x1.(Intercept), a:b[..] is b:a...
thetaNames <- function(labels) vapply(labels, function(label) {
  factor <- paste(rev(strsplit(sub("\\[.*$", "", label), ":")[[1]]), collapse = ":")
  terms <- strsplit(sub("\\]$", "", sub("^[^[]*\\[", "", label)), ",")[[1]]
  terms[terms == "Intercept"] <- "(Intercept)"
  paste(c(factor, rev(terms)), collapse = ".")
}, "")

# Names of lme4's own theta: by factor, the lower triangle column by column.
ownThetaNames <- function(cnms) unlist(lapply(seq_along(cnms), function(i) {
  v <- cnms[[i]]; q <- length(v)
  unlist(lapply(seq_len(q), function(b) vapply(b:q, function(r)
    paste(c(names(cnms)[i], v[r], if (r != b) v[b]), collapse = "."), "")))
}))

# Our labels of coefficients as lme4 writes them.
coefficientNames <- function(labels) vapply(strsplit(labels, ":"), function(parts) {
  parts <- sub("^Intercept$", "(Intercept)", parts)
  paste(sub("^between\\(.*", "xb", sub("^within\\(.*", "xw", parts)), collapse = ":")
}, "")

# Second derivatives by differences with a step for each parameter; `scale` makes columns of unequal size solvable.
hessian <- function(f, x, h) {
  d <- length(x); H <- matrix(0, d, d); f0 <- f(x)
  at <- function(i, a, j, b) { z <- x; z[i] <- z[i] + a * h[i]; z[j] <- z[j] + b * h[j]; f(z) }
  for (i in seq_len(d)) {
    up <- x; up[i] <- up[i] + h[i]; lo <- x; lo[i] <- lo[i] - h[i]
    H[i, i] <- (f(up) - 2 * f0 + f(lo)) / h[i]^2
    for (j in seq_len(i - 1))
      H[i, j] <- H[j, i] <- (at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)) / (4 * h[i] * h[j])
  }
  structure(H, scale = 1 / sqrt(pmax(abs(diag(H)), 1e-300)))
}

# log-likelihood, gradient and curvature (expected, as in lme4) in eta of s successes of m, without the probabilities
# that round to 0 and 1 beyond eta = 30.
binaryRows <- function(fam, s, m) {
  choose <- lchoose(m, s)
  if (fam$link == "logit") function(eta) { up <- plogis(eta); list(log = choose + s * plogis(eta, log.p = TRUE) + (m - s) * plogis(-eta, log.p = TRUE),
    first = s - m * up, weight = m * up * plogis(-eta)) }
  else function(eta) { d <- dnorm(eta, log = TRUE); up <- pnorm(eta, log.p = TRUE); down <- pnorm(-eta, log.p = TRUE)
    list(log = choose + s * up + (m - s) * down, first = s * exp(d - up) - (m - s) * exp(d - down), weight = m * exp(2 * d - up - down)) }
}

# Laplace's deviance at (theta, beta) by dense Newton steps to rounding: lme4's PIRLS ends some digits earlier.
laplaceExact <- function(gf, fam, nt) {
  y <- model.response(gf$fr); w <- model.weights(gf$fr); off <- model.offset(gf$fr); if (is.null(off)) off <- 0
  if (is.matrix(y)) { m <- rowSums(y); s <- y[, 1]; w <- NULL } else { m <- rep(1, length(y)); s <- y }
  if (is.null(w)) w <- rep(1, length(s))
  L <- gf$reTrms$Lambdat; Zt <- gf$reTrms$Zt; last <- NULL; rows <- binaryRows(fam, s, m)
  function(par) {
    L@x <- par[seq_len(nt)][gf$reTrms$Lind]; A <- t(as.matrix(L %*% Zt)); I <- diag(ncol(A))
    e0 <- as.vector(gf$X %*% par[-seq_len(nt)]) + off; u <- if (is.null(last)) rep(0, ncol(A)) else last
    penalised <- function(u) sum(w * rows(e0 + as.vector(A %*% u))$log) - sum(u^2) / 2
    curvature <- function(u) { v <- rows(e0 + as.vector(A %*% u)); list(R = chol(crossprod(A * (w * v$weight), A) + I), g = crossprod(A, w * v$first) - u) }
    for (it in 1:100) {
      now <- curvature(u); step <- as.vector(backsolve(now$R, backsolve(now$R, now$g, transpose = TRUE))); f <- penalised(u); k <- 1
      while (k > 1e-8 && !(penalised(u + k * step) >= f - 1e-11)) k <- k / 2
      u <- u + k * step; if (max(abs(k * step)) < 1e-12) break
    }
    last <<- u
    -2 * (penalised(u) - sum(log(diag(curvature(u)$R))))
  }
}

# How little the criterion says at theta: the smallest eigenvalue of its second derivatives where each parameter
# counts in units of itself (but at least a hundredth of the largest, and `least`, so that an sd next to 0 is no flat
# direction). Of an interior optimum alone. Under 1e-4, to move theta by a tenth of itself in that direction changes the
# criterion by a millionth. `step`, in these units: small where the criterion has its digits.
flatness <- function(f, theta, singular, least, step) {
  if (singular) return(NA)
  unit <- pmax(abs(theta), 0.01 * max(abs(theta)), least)
  # A flat direction is a curve: what a step along its tangent costs, with the step's fourth power, is taken off (Richardson).
  H <- (4 * hessian(f, theta, step * unit / 2) - hessian(f, theta, step * unit)) / 3
  min(eigen(H * outer(unit, unit), symmetric = TRUE, only.values = TRUE)$values)
}

# Gaussian rows at theta by Householder's QR of [Z Lambda, X; I, 0]: errors grow with the condition of these columns,
# not with its square, so that it has digits left where a Cholesky factor of the cross-products (lme4's, and ours) has
# lost them: sds of a million residual sds, responses of 1e9 +- 1. The criterion, coefficients with their standard
# errors, sigma, deviations b = Lambda u. NULL where it would take too long.
gaussianExact <- function(lf, weights, reml) {
  X <- lf$X; Zt <- lf$reTrms$Zt; L <- lf$reTrms$Lambdat; n <- nrow(X); p <- ncol(X); q <- nrow(Zt)
  if ((n + q) * (p + q)^2 > 3e8) return(NULL)
  off <- model.offset(lf$fr); y <- model.response(lf$fr) - if (is.null(off)) 0 else off
  w <- if (is.null(weights)) rep(1, n) else weights; r <- sqrt(w)
  # Columns of unit length, and the reference level of the response taken off where the columns have a constant.
  unit <- sqrt(colSums((X * r)^2)); Xs <- t(t(X * r) / unit); shift <- if (any(colnames(X) == "(Intercept)")) mean(y) else 0
  function(theta) {
    L@x <- theta[lf$reTrms$Lind]; A <- rbind(cbind(t(as.matrix(L %*% Zt)) * r, Xs), cbind(diag(q), matrix(0, q, p)))
    f <- qr(A, tol = 1e-14); if (f$rank < q + p) return(NULL)
    side <- c((y - shift) * r, rep(0, q)); c <- qr.coef(f, side); rss <- sum(qr.resid(f, side)^2); d <- log(abs(diag(qr.R(f))))
    o <- order(f$pivot); u <- seq_len(q); logL <- sum(d[o][u]); logX <- sum(d[o][-u]) + sum(log(unit)); df <- if (reml) n - p else n
    value <- 2 * logL + df * (1 + log(2 * pi * rss / df)) - sum(log(w)) + if (reml) 2 * logX else 0
    inverse <- backsolve(qr.R(f), diag(q + p))[o, , drop = FALSE]; sigma <- sqrt(rss / df); beta <- c[-u] / unit; k <- which(colnames(X) == "(Intercept)")
    if (length(k)) beta[k] <- beta[k] + shift
    list(value = value, sigma = sigma, beta = beta, se = sigma * sqrt(rowSums(inverse[-u, , drop = FALSE]^2)) / unit, b = as.vector(t(as.matrix(L)) %*% c[u]))
  }
}

# The root mean square of the varying column of each diagonal entry of theta: an sd of 1e-6 a dollar is no sd of 0.
columnSizes <- function(reTrms) unlist(lapply(seq_along(reTrms$cnms), function(i) {
  q <- length(reTrms$cnms[[i]]); rows <- (reTrms$Gp[i] + 1):reTrms$Gp[i + 1]
  vapply(seq_len(q), function(k) { z <- reTrms$Zt[rows[seq(k, length(rows), by = q)], , drop = FALSE]; sqrt(mean(z@x[z@x != 0]^2)) }, 0)
}))
