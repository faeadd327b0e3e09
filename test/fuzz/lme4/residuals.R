# Rows whose residuals are not independent with one sigma: the covariance of all rows written down entry by entry, and
# nlme (gls, lme with corAR1, corCAR1, corCompSymm, corSymm, varIdent, varExp), which has its own criterion and search.

# Correlations of a structure from unbounded coordinates, and back from the product's parameters (of car1 from its
# coordinate, for phi over a unit of time may be less than any number); `low` is the lowest correlation of cs. As a function (group, time of the rows) -> matrix.
residualLaw <- function(law, d) {
  g <- if (is.null(law$group)) NULL else factor(d[[law$group]]); s <- law$structure; same <- if (is.null(g)) NULL else outer(as.integer(g), as.integer(g), "==")
  t <- if (is.null(law$time)) NULL else d[[law$time]]; gap <- if (is.null(t)) NULL else abs(outer(t, t, "-"))
  matrixOf <- function(values) { C <- same * values; diag(C) <- 1; C }
  if (s == "independent") return(list(size = 0, at = function(x) list(C = diag(nrow(d)), sd = rep(1, nrow(d))), from = function(p) numeric(), end = function(p) FALSE, starts = list(numeric())))
  if (s == "ar1") return(list(size = 1, at = function(x) list(C = matrixOf(tanh(x)^steps(gap, same)), sd = 1), from = function(p) atanh(p$phi), end = function(p) abs(p$phi) > 1 - 1e-4, starts = list(0.1, 1, -0.8)))
  if (s == "car1") { unit <- median(gap[same & gap > 0]); if (!is.finite(unit)) unit <- 1; typical <- mean(unlist(lapply(split(t, g), function(v) diff(sort(v)))))
    return(list(size = 1, at = function(x) list(C = matrixOf(plogis(x)^(gap / unit)), sd = 1), from = function(p) qlogis(exp(-exp(-p$x[1]) * unit / typical)), end = function(p) { near <- exp(-exp(-p$x[1]) * min(gap[same & gap > 0]) / typical); near < 1e-4 || exp(-exp(-p$x[1]) * max(gap[same]) / typical) > 1 - 1e-4 }, starts = list(-2, 0.5, 3))) }
  if (s == "cs") { low <- -1 / (max(table(g)) - 1)
    return(list(size = 1, at = function(x) list(C = matrixOf(low + (1 - low) * plogis(x)), sd = 1), from = function(p) qlogis((p$rho - low) / (1 - low)), end = function(p) p$rho > 1 - 1e-4 || p$rho < low + 1e-4, starts = list(qlogis(-low / (1 - low)) + 0.1, 2))) }
  if (s == "toeplitz") { gap <- steps(gap, same); K <- max(gap[same])
    return(list(size = K, at = function(x) { rho <- levinson(tanh(x)); list(C = matrixOf(matrix(c(1, rho)[pmin(gap, K) + 1], nrow(d))), sd = 1) },
      from = function(p) atanh(partials(p$rho)), end = function(p) abs(p$rho[1]) > 1 - 1e-4 || any(abs(partials(p$rho)) > 1 - 1e-4), starts = list(c(0.1, rep(0, K - 1)), c(0.8, rep(0, K - 1))))) }
  o <- as.integer(factor(t)); T <- max(o); entries <- which(lower.tri(diag(T)), arr.ind = TRUE); entries <- entries[order(entries[, 1], entries[, 2]), , drop = FALSE]
  # Rows of a factor of the correlations in units of their last entry, then log sds beside the first occasion's.
  list(size = nrow(entries) + T - 1, at = function(x) { L <- diag(T); L[entries] <- x[seq_len(nrow(entries))]; L <- L / sqrt(rowSums(L^2)); C <- tcrossprod(L); list(C = matrixOf(C[o, o]), sd = exp(c(0, x[-seq_len(nrow(entries))]))[o]) },
    from = function(p) { C <- diag(T); C[entries[, 2:1, drop = FALSE]] <- p$rho[order(entries[, 2], entries[, 1])]; C <- C + t(C) - diag(T); L <- t(chol(C)); L <- L / diag(L); c(L[entries], log(p$sds[-1] / p$sds[1])) },
    end = function(p) any(abs(p$rho) > 1 - 1e-4), starts = list(rep(0, nrow(entries) + T - 1), c(rep(0.5, nrow(entries)), rep(0, T - 1))))
}

# Gaps as numbers of the largest step that divides all within groups.
steps <- function(gap, same) { gcd <- function(a, b) { while (b > 0) { r <- a %% b; a <- b; b <- r }; a }; gaps <- unique(gap[same & gap > 0]); if (!length(gaps)) gap else gap / Reduce(gcd, gaps) }
# Correlations by lag from partial ones (Durbin and Levinson), and back.
levinson <- function(p) { rho <- numeric(); a <- numeric(); v <- 1
  for (k in seq_along(p)) { rho[k] <- p[k] * v + sum(a * rev(rho[seq_len(k - 1)])); a <- c(a - p[k] * rev(a), p[k]); v <- v * (1 - p[k]^2) }; rho }
partials <- function(rho) { a <- numeric(); v <- 1; p <- numeric()
  for (k in seq_along(rho)) { p[k] <- (rho[k] - sum(a * rev(rho[seq_len(k - 1)]))) / v; a <- c(a - p[k] * rev(a), p[k]); v <- v * (1 - p[k]^2) }; p }

# The criterion at (theta, coordinates of the correlation, log-linear sds), sigma and beta profiled out:
# V = Z Lambda Lambda'Z' + S C S in units of sigma^2, by its Cholesky factor and a QR of the whitened columns.
residualExact <- function(X, y, w, reTrms, law, S, reml) {
  n <- nrow(X); p <- ncol(X); nt <- if (is.null(reTrms)) 0 else length(reTrms$theta); shift <- if (any(colnames(X) == "(Intercept)")) mean(y) else 0
  unit <- sqrt(colSums(X^2)); Xs <- t(t(X) / unit)
  function(psi) {
    r <- law$at(psi[nt + seq_len(law$size)]); s <- r$sd / sqrt(w); if (ncol(S)) s <- s * exp(as.vector(S %*% psi[-seq_len(nt + law$size)]))
    V <- r$C * outer(s, s); if (nt) { L <- reTrms$Lambdat; L@x <- psi[seq_len(nt)][reTrms$Lind]; A <- t(as.matrix(L %*% reTrms$Zt)); V <- V + tcrossprod(A) }
    R <- chol(V); f <- qr(backsolve(R, Xs, transpose = TRUE), tol = 1e-13); if (f$rank < p) return(NULL); z <- backsolve(R, y - shift, transpose = TRUE)
    e <- qr.resid(f, z); rss <- sum(e^2); df <- if (reml) n - p else n; T <- qr.R(f); o <- order(f$pivot); sigma <- sqrt(rss / df)
    value <- df * (1 + log(2 * pi * rss / df)) + 2 * sum(log(diag(R))) + if (reml) 2 * sum(log(abs(diag(T)))) + 2 * sum(log(unit)) else 0
    beta <- qr.coef(f, z) / unit; k <- which(colnames(X) == "(Intercept)"); if (length(k)) beta[k] <- beta[k] + shift
    inverse <- backsolve(T, diag(p))[o, , drop = FALSE]; ans <- list(value = value, sigma = sigma, beta = beta, se = sigma * sqrt(rowSums(inverse^2)) / unit)
    if (nt) ans$modes <- function() { B <- backsolve(R, A, transpose = TRUE); Lt <- t(as.matrix(L)); H <- diag(ncol(A)) - crossprod(B)
      byFactor(reTrms, as.vector(Lt %*% crossprod(B, e)), sigma * sqrt(pmax(rowSums((Lt %*% H) * Lt), 0)), sigma * sqrt(rowSums(Lt^2))) }
    ans
  }
}

residualCase <- function(case, p, d, fo, ans) {
  reml <- case$method == "REML"; y <- d$y; w <- if (is.null(case$weights)) rep(1, nrow(d)) else d[[case$weights]]; grouped <- grepl("|", case$formulaR, fixed = TRUE)
  lf <- if (grouped) lFormula(fo, d, control = gaussControl) else NULL; T <- lf$reTrms; X <- if (grouped) lf$X else model.matrix(fo, d); nt <- length(T$theta)
  law <- residualLaw(case$law, d); S <- if (is.null(case$law$sd)) matrix(0, nrow(d), 0) else model.matrix(as.formula(paste("~", case$law$sd)), d)[, -1, drop = FALSE]
  exact <- residualExact(X, y, w, T, law, S, reml); f <- function(psi) tryCatch({ v <- exact(psi)$value; if (is.null(v) || !is.finite(v)) 1e10 else v }, error = function(e) 1e10)
  ans$betaNames <- as.list(colnames(X)); ans$df <- ncol(X) + nt + law$size + ncol(S) + 1; best <- list(fval = Inf); lower <- c(T$lower, rep(-Inf, law$size + ncol(S)))
  try1 <- function(psi, from) { psi <- pmin(pmax(psi, -300), 300); r <- tryCatch(nlminb(psi, f, lower = lower, control = list(rel.tol = 1e-14, iter.max = 300)), error = function(e) NULL)
    if (!is.null(r) && r$objective < best$fval - 1e-9) { best <<- list(par = r$par, fval = r$objective); ans$bestFrom <<- from }; if (is.null(r)) NA else r$objective }
  for (start in law$starts) for (size in if (nt) c(1, 0.1) else 0) ans$default <- min(ans$default, try1(c(T$theta * size, start, rep(0, ncol(S))), paste("start", size)))
  psi <- NULL; own <- list()
  if (isTRUE(p$ok)) { named <- setNames(number(lapply(p$residual$parameters, `[[`, "estimate")), unlist(lapply(p$residual$parameters, `[[`, "name")))
    # Of an unstructured correlation by pairs of occasions in the product's order, (1, 2), (1, 3), ..
    own <- list(phi = unname(named["phi"]), rho = unname(named[grepl("^rho", names(named))]), sds = number(lapply(p$residual$sds, `[[`, "estimate")), x = number(p$residual$coordinates))
    theta <- if (nt) productTheta(p, T$cnms) else numeric(); delta <- unname(named[paste0("delta[", colnames(S), "]")])
    if (!is.null(theta) && !anyNA(delta)) psi <- c(theta * number(p$residual$unit) / number(p$sigma), law$from(own), delta) }
  if (!is.null(psi)) { at <- tryCatch(exact(psi), error = function(e) NULL); if (!is.null(at)) { ans$atProduct <- ans$exact <- at$value; try1(psi, "product") } }
  try1(best$par, ans$bestFrom); ans$best <- best$fval; ans$thetaBest <- paste(signif(best$par, 6), collapse = " "); ans$thetaMost <- max(0, best$par[seq_len(nt)])
  least <- function(sizes) c(replace(numeric(nt), which(T$lower == 0), 0.1 / sizes), rep(1, law$size + ncol(S))); sizes <- if (nt) columnSizes(T) else numeric()
  ended <- function(theta) any(theta[which(T$lower == 0)] * sizes < 1e-4)
  flat <- function(psi, end) tryCatch(flatness(f, psi, end, least(sizes), 0.003), error = function(e) NA)
  ans$flatBest <- flat(best$par, ended(best$par[seq_len(nt)]) || any(abs(best$par[nt + seq_len(law$size)]) > 6))
  nl <- nlmeFit(case, d, w, reml); if (!is.null(nl)) { ans$default <- nl; ans$nlme <- nl }
  if (is.null(psi) || is.null(at)) return(ans)
  ans$betaAt <- I(unname(at$beta)); ans$seAt <- I(unname(at$se)); ans$sigmaAt <- at$sigma; ans$singularAt <- ended(theta) || law$end(own)
  ans$flat <- flat(psi, ans$singularAt); if (nt) ans$ranef <- at$modes()
  ans
}

# -2 log likelihood of nlme; NULL where it has no such model or gives up.
nlmeFit <- function(case, d, w, reml) {
  if (is.null(case$nlme)) return(NULL)
  l <- case$law; by <- if (is.null(l$group)) NULL else l$group; d$w <- 1 / w
  form <- function(t) as.formula(paste("~", t, "|", by))
  correlation <- switch(l$structure, ar1 = nlme::corAR1(form = form(l$time)), car1 = nlme::corCAR1(form = form(l$time)), cs = nlme::corCompSymm(form = form("1")), unstructured = nlme::corSymm(form = form("occasion")), NULL)
  d$occasion <- if (is.null(l$time)) 1L else as.integer(factor(d[[l$time]]))
  parts <- list(); if (!is.null(case$weights)) parts <- c(parts, list(nlme::varFixed(~w))); if (l$structure == "unstructured") parts <- c(parts, list(nlme::varIdent(form = ~ 1 | occasion)))
  if (!is.null(l$sd)) parts <- c(parts, list(if (is.factor(d[[l$sd]])) nlme::varIdent(form = as.formula(paste("~ 1 |", l$sd))) else nlme::varExp(form = as.formula(paste("~", l$sd)))))
  variance <- if (length(parts) > 1) do.call(nlme::varComb, parts) else if (length(parts)) parts[[1]] else NULL; method <- if (reml) "REML" else "ML"
  fit <- function(opt) tryCatch(suppressWarnings(if (case$nlme == "gls") nlme::gls(as.formula(case$fixedR), d, correlation = correlation, weights = variance, method = method, control = nlme::glsControl(opt = opt, maxIter = 200, msMaxIter = 300, tolerance = 1e-10, msTol = 1e-12, returnObject = TRUE))
    else { random <- if (case$nlme == "lme ||") list(g = nlme::pdDiag(as.formula(case$randomR))) else list(g = as.formula(case$randomR))
      nlme::lme(as.formula(case$fixedR), d, random, correlation = correlation, weights = variance, method = method, control = nlme::lmeControl(opt = opt, maxIter = 200, msMaxIter = 300, tolerance = 1e-10, msTol = 1e-12, returnObject = TRUE)) }), error = function(e) NULL)
  values <- unlist(lapply(c("nlminb", "optim"), function(opt) { m <- fit(opt); if (is.null(m)) NULL else -2 * as.numeric(logLik(m)) })); values <- values[is.finite(values)]
  if (length(values)) min(values) else NULL
}
