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

# Successes, trials, weights, offset and row terms of a generalized fit.
binaryData <- function(gf, fam) {
  y <- model.response(gf$fr); w <- model.weights(gf$fr); off <- model.offset(gf$fr); if (is.null(off)) off <- 0
  if (is.matrix(y)) { m <- rowSums(y); s <- y[, 1]; w <- NULL } else { m <- rep(1, length(y)); s <- y }
  list(w = if (is.null(w)) rep(1, length(s)) else w, off = off, rows = binaryRows(fam, s, m))
}

# Laplace's deviance at par by Newton steps to rounding: lme4's PIRLS ends some digits earlier. Dense, or sparse where
# there are many deviations. `rowsAt(par)` has eta without groups, the terms of the rows (`binaryRows`) and their weights;
# attribute `state` gives u and H at the last point.
laplaceOf <- function(reTrms, nt, rowsAt) {
  L <- reTrms$Lambdat; Zt <- reTrms$Zt; q <- nrow(Zt); sparse <- q > 250; last <- NULL; bend <- NULL
  factored <- function(H) if (sparse) { ch <- Matrix::Cholesky(Matrix::forceSymmetric(H), LDL = FALSE); list(solve = function(g) as.vector(Matrix::solve(ch, g)), half = as.numeric(Matrix::determinant(ch)$modulus)) }
    else { R <- chol(H); list(solve = function(g) as.vector(backsolve(R, backsolve(R, g, transpose = TRUE))), half = sum(log(diag(R)))) }
  identity <- if (sparse) Matrix::Diagonal(q) else diag(q)
  structure(function(par) {
    L@x <- par[seq_len(nt)][reTrms$Lind]; A <- Matrix::t(L %*% Zt); if (!sparse) A <- as.matrix(A)
    data <- rowsAt(par); w <- data$w; e0 <- data$eta; u <- if (is.null(last)) rep(0, q) else last
    penalised <- function(u) sum(w * data$rows(e0 + as.vector(A %*% u))$log) - sum(u^2) / 2
    curvature <- function(u) { v <- data$rows(e0 + as.vector(A %*% u)); bend <<- crossprod(A, A * (w * v$weight)) + identity; c(factored(bend), list(g = as.vector(crossprod(A, w * v$first)) - u)) }
    for (it in 1:100) {
      now <- curvature(u); step <- now$solve(now$g); f <- penalised(u); k <- 1
      while (k > 1e-8 && !(penalised(u + k * step) >= f - 1e-11)) k <- k / 2
      u <- u + k * step; if (max(abs(k * step)) < 1e-12) break
    }
    last <<- u
    -2 * (penalised(u) - curvature(u)$half)
  }, state = function() list(u = last, H = as.matrix(bend)))
}

# Adaptive quadrature of one scalar factor by the same, group by group: nodes about each mode in units of its curvature.
quadratureOf <- function(reTrms, points, rowsAt) {
  Zt <- reTrms$Zt; g <- Zt@i + 1L; z <- Zt@x; J <- nrow(Zt); rule <- GHrule(points); last <- rep(0, J)
  stopifnot(length(g) == ncol(Zt)); sums <- function(v) as.vector(rowsum(v, factor(g, levels = seq_len(J)), reorder = TRUE))
  function(par) {
    data <- rowsAt(par); w <- data$w; a <- par[1] * z; e0 <- data$eta; u <- last
    at <- function(u) data$rows(e0 + a * u[g]); heights <- function(u) sums(w * at(u)$log) - u^2 / 2
    curvature <- function(u) sums(w * at(u)$weight * a^2) + 1
    for (it in 1:200) {
      step <- (sums(w * at(u)$first * a) - u) / curvature(u); f <- heights(u); k <- rep(1, J)
      repeat { worse <- !(heights(u + k * step) >= f - 1e-11) & k > 1e-8; if (!any(worse)) break; k[worse] <- k[worse] / 2 }
      u <- u + k * step; if (max(abs(k * step)) < 1e-12) break
    }
    last <<- u; s <- 1 / sqrt(curvature(u))
    logs <- sapply(seq_len(points), function(k) log(rule[k, "w"]) - rule[k, "ldnorm"] + heights(u + s * rule[k, "z"]) - log(2 * pi) / 2)
    logs <- matrix(logs, J); most <- apply(logs, 1, max)
    -2 * sum(log(s) + most + log(rowSums(exp(logs - most))))
  }
}

# Both for binary rows, par being theta and beta.
binaryAt <- function(gf, fam, nt) {
  data <- binaryData(gf, fam)
  function(par) list(eta = as.vector(gf$X %*% par[-seq_len(nt)]) + data$off, rows = data$rows, w = data$w)
}
laplaceExact <- function(gf, fam, nt) laplaceOf(gf$reTrms, nt, binaryAt(gf, fam, nt))
quadratureExact <- function(gf, fam, points) quadratureOf(gf$reTrms, points, binaryAt(gf, fam, 1))

# How little the criterion says at theta: the smallest eigenvalue of its second derivatives where each parameter
# counts in units of itself (but at least a hundredth of the largest, and `least`, so that an sd next to 0 is no flat
# direction). Of an interior optimum alone. Under 1e-4, to move theta by a tenth of itself in that direction changes the
# criterion by a millionth. `step`, in these units: small where the criterion has its digits.
flatness <- function(f, theta, singular, least, step) {
  if (singular) return(NA)
  unit <- pmax(abs(theta), 0.01 * max(abs(theta)), least); smallest <- function(H) min(eigen(H * outer(unit, unit), symmetric = TRUE, only.values = TRUE)$values)
  # A flat direction is a curve: what a step along its tangent costs, with the step's fourth power, is taken off (Richardson).
  # Beside a direction a million times as steep (a year and its intercept) the step is too long: then a shorter one.
  for (by in step * c(1, 0.1, 0.01)) {
    half <- hessian(f, theta, by * unit / 2); whole <- hessian(f, theta, by * unit); value <- smallest((4 * half - whole) / 3)
    if (!is.finite(value) || value > -1e-4) return(value)
  }
  NA
}

# Gaussian rows (`errors`: with known standard errors, which lme4 does not offer, theta in the response's unit) at theta
# by Householder's QR of [Z Lambda, X; I, 0]: errors grow with the condition of these columns,
# not with its square, so that it has digits left where a Cholesky factor of the cross-products (lme4's, and ours) has
# lost them: sds of a million residual sds, responses of 1e9 +- 1. The criterion, coefficients with their standard
# errors, sigma, deviations b = Lambda u. NULL where it would take too long.
gaussianExact <- function(lf, weights, reml, errors = NULL) {
  X <- lf$X; Zt <- lf$reTrms$Zt; L <- lf$reTrms$Lambdat; n <- nrow(X); p <- ncol(X); q <- nrow(Zt)
  if ((n + q) * (p + q)^2 > 3e8) return(NULL)
  off <- model.offset(lf$fr); y <- model.response(lf$fr) - if (is.null(off)) 0 else off
  w <- if (!is.null(errors)) errors^-2 else if (is.null(weights)) rep(1, n) else weights; r <- sqrt(w)
  # Columns of unit length, and the reference level of the response taken off where the columns have a constant.
  unit <- sqrt(colSums((X * r)^2)); Xs <- t(t(X * r) / unit); shift <- if (any(colnames(X) == "(Intercept)")) mean(y) else 0
  function(theta) {
    L@x <- theta[lf$reTrms$Lind]; A <- rbind(cbind(t(as.matrix(L %*% Zt)) * r, Xs), cbind(diag(q), matrix(0, q, p)))
    f <- qr(A, tol = 1e-14); if (f$rank < q + p) return(NULL)
    side <- c((y - shift) * r, rep(0, q)); c <- qr.coef(f, side); rss <- sum(qr.resid(f, side)^2); d <- log(abs(diag(qr.R(f))))
    o <- order(f$pivot); u <- seq_len(q); logL <- sum(d[o][u]); logX <- sum(d[o][-u]) + sum(log(unit)); df <- if (reml) n - p else n
    value <- 2 * logL + (if (is.null(errors)) df * (1 + log(2 * pi * rss / df)) else df * log(2 * pi) + rss) - sum(log(w)) + if (reml) 2 * logX else 0
    inverse <- backsolve(qr.R(f), diag(q + p))[o, , drop = FALSE]; sigma <- if (is.null(errors)) sqrt(rss / df) else 1; beta <- c[-u] / unit; k <- which(colnames(X) == "(Intercept)")
    if (length(k)) beta[k] <- beta[k] + shift
    list(value = value, sigma = sigma, beta = beta, se = sigma * sqrt(rowSums(inverse[-u, , drop = FALSE]^2)) / unit, b = as.vector(t(as.matrix(L)) %*% c[u]),
      condsd = function() { f <- qr(A[, u, drop = FALSE], tol = 1e-14); sigma * sqrt(rowSums((t(as.matrix(L)) %*% backsolve(qr.R(f), diag(q))[order(f$pivot), , drop = FALSE])^2)) })
  }
}

# The same model for lme4's own sums with digits left: orthonormal columns in place of X, and what least squares on X
# leave of the response in place of it. The criterion is the same but for `constant`; `beta` and `se` turn lme4's back.
steadied <- function(lf, weights, reml) {
  off <- model.offset(lf$fr); y <- model.response(lf$fr) - if (is.null(off)) 0 else off; r <- if (is.null(weights)) rep(1, length(y)) else sqrt(weights)
  f <- qr(lf$X * r, tol = 1e-14); if (f$rank < ncol(lf$X)) return(NULL)
  R <- qr.R(f)[, order(f$pivot), drop = FALSE]; b <- qr.coef(f, y * r); Q <- qr.Q(f) / r
  dimnames(Q) <- dimnames(lf$X); attr(Q, "assign") <- attr(lf$X, "assign"); lf$X <- Q; lf$fr[[1]] <- qr.resid(f, y * r) / r
  # The offset is off the response; one of the formula has a column of its own name.
  for (column in c(names(lf$fr)[attr(terms(lf$fr), "offset")], intersect("(offset)", names(lf$fr)))) lf$fr[[column]] <- 0 * lf$fr[[column]]
  list(lf = lf, constant = if (reml) 2 * sum(log(abs(diag(qr.R(f))))) else 0, beta = function(beta) b + as.vector(solve(R, beta)),
    se = function(V) { T <- solve(R); sqrt(diag(T %*% V %*% t(T))) })
}

# How many combinations of sigma^2 and the entries of the covariances nothing is known of: V is linear in them, so that
# they are the dependent ones among the matrices Z E Z' (within the complement of X for REML), by their Gram matrix, with
# varying columns about their means and in units of their sds. NA where the rows are too many.
dependent <- function(lf, weights, reml, sigma = TRUE) {
  n <- nrow(lf$X); if (n > 130) return(NA)
  r <- if (is.null(weights)) rep(1, n) else sqrt(weights); P <- diag(n); if (reml) P <- P - tcrossprod(qr.Q(qr(lf$X * r, tol = 1e-12)))
  V <- if (sigma) list(P) else list(); T <- lf$reTrms
  for (i in seq_along(T$cnms)) {
    q <- length(T$cnms[[i]]); rows <- (T$Gp[i] + 1):T$Gp[i + 1]; parts <- lapply(seq_len(q), function(k) as.matrix(T$Zt[rows[seq(k, length(rows), by = q)], , drop = FALSE]))
    if (q > 1) { values <- sapply(parts, colSums); values <- qr(values * r)
      if (values$rank == q) { B <- solve(qr.R(values)[, order(values$pivot)]) * sqrt(n); parts <- lapply(seq_len(q), function(k) Reduce(`+`, lapply(seq_len(q), function(l) parts[[l]] * B[l, k]))) } }
    for (a in seq_len(q)) for (b in seq_len(a)) { M <- crossprod(t(t(parts[[a]]) * r), t(t(parts[[b]]) * r)); V <- c(V, list(P %*% ((M + t(M)) / 2) %*% P)) }
  }
  G <- sapply(V, function(v) { u <- as.vector(v); l <- sqrt(sum(u^2)); if (l > 1e-9 * n) u / l else 0 * u })
  d <- svd(G, nu = 0, nv = 0)$d; sum(d < 1e-6 * d[1])
}

# Whether the criterion falls all the way to sds of infinity: at lower factors of every rank of every block, in some
# directions, far out and farther, by the sum with digits. `ahead`: the least gain over a factor of 4 (2 m log 4 for a
# whole number m where it goes on for ever, 0 where it levels off), at the direction in which it is largest; `far`: the
# lowest criterion met there.
endless <- function(exact, reTrms, sizes) {
  q <- lengths(reTrms$cnms); ranks <- expand.grid(lapply(q, function(k) 0:k)); ranks <- ranks[rowSums(ranks) > 0, , drop = FALSE]
  if (nrow(ranks) > 81) ranks <- ranks[c(nrow(ranks), sample(nrow(ranks), 80)), , drop = FALSE]
  heights <- function(theta) vapply(c(1e4, 4e4, 1.6e5), function(t) { v <- exact(t * theta)$value; if (is.null(v)) NA_real_ else v }, 0)
  ahead <- -Inf; far <- Inf
  for (k in seq_len(nrow(ranks))) for (turn in 1:3) {
    theta <- unlist(lapply(seq_along(q), function(i) { L <- matrix(rnorm(q[i]^2), q[i]); L[, seq_len(q[i]) > ranks[k, i]] <- 0
      at <- cumsum(c(0, q[-length(q)]))[i]; L <- L / sizes[at + seq_len(q[i])]; L[lower.tri(L, TRUE)] }))
    h <- heights(theta); if (anyNA(h)) next
    ahead <- max(ahead, min(-diff(h))); far <- min(far, h)
  }
  list(ahead = ahead, far = far)
}

# The root mean square of the varying column of each diagonal entry of theta: an sd of 1e-6 a dollar is no sd of 0.
columnSizes <- function(reTrms) unlist(lapply(seq_along(reTrms$cnms), function(i) {
  q <- length(reTrms$cnms[[i]]); rows <- (reTrms$Gp[i] + 1):reTrms$Gp[i + 1]
  vapply(seq_len(q), function(k) { z <- reTrms$Zt[rows[seq(k, length(rows), by = q)], , drop = FALSE]; sqrt(mean(z@x[z@x != 0]^2)) }, 0)
}))

# The unit of each entry of theta, in lme4's order: entry (r, b) multiplies varying column r, so that 0.01 beside a year
# is a step of 20.
thetaUnits <- function(reTrms) { sizes <- columnSizes(reTrms); q <- lengths(reTrms$cnms); first <- cumsum(c(0, q))
  unlist(lapply(seq_along(q), function(i) unlist(lapply(seq_len(q[i]), function(b) 1 / sizes[first[i] + b:q[i]])))) }
