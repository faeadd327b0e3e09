# Ordered answers: cumulative logits and probits, written down from P(y <= k) = F(alpha_k - eta), for nothing that is
# installed with lme4 fits them with groups; without groups MASS::polr does. par is theta, the thresholds, beta.

# log-likelihood, gradient and observed curvature in eta of levels y at thresholds alpha, in logarithms: a level's
# probability is a difference of two that may both round to 1.
orderedRows <- function(probit, y, alpha) {
  ends <- c(-Inf, alpha, Inf); upper <- ends[y + 1]; lower <- ends[y]
  if (!probit) return(function(eta) { b <- upper - eta; a <- lower - eta; gap <- ifelse(is.finite(upper) & is.finite(lower), log1p(-exp(lower - upper)), 0)
    list(log = plogis(b, log.p = TRUE) + plogis(-a, log.p = TRUE) + gap, first = plogis(a) - plogis(-b), weight = plogis(a) * plogis(-a) + plogis(b) * plogis(-b)) })
  function(eta) { b <- upper - eta; a <- lower - eta; up <- a + b > 0; far <- ifelse(up, -a, b); near <- ifelse(up, -b, a)
    # Of a pair of ends the one farther out in its tail loses nothing.
    l <- pnorm(far, log.p = TRUE); l <- l + log1p(-exp(pnorm(near, log.p = TRUE) - l)); u <- exp(dnorm(b, log = TRUE) - l); v <- exp(dnorm(a, log = TRUE) - l)
    first <- v - u; list(log = l, first = first, weight = first^2 + ifelse(is.finite(b), b * u, 0) - ifelse(is.finite(a), a * v, 0)) }
}

# lme4's design of the case, y as whole numbers, and what the referees of referees.R take.
orderedParts <- function(case, d, fo, weights) {
  probit <- case$family == "ordinalProbit"; y <- as.integer(factor(d$y)); d$y <- y; K <- max(y); grouped <- grepl("|", case$formulaR, fixed = TRUE)
  if (grouped) { lf <- lFormula(fo, d, control = gaussControl); X <- lf$X; off <- model.offset(lf$fr) }
  else { fr <- model.frame(fo, d); X <- model.matrix(fo, d); f <- qr(X, tol = 1e-7); lf <- list(); off <- model.offset(fr)
    attr(X, "col.dropped") <- setNames(f$pivot[-seq_len(f$rank)], colnames(X)[f$pivot[-seq_len(f$rank)]]); dropped <- attr(X, "col.dropped"); X <- X[, sort(f$pivot[seq_len(f$rank)]), drop = FALSE]; attr(X, "col.dropped") <- dropped }
  dropped <- names(attr(X, "col.dropped")); X <- X[, colnames(X) != "(Intercept)", drop = FALSE]; nt <- if (grouped) length(lf$reTrms$theta) else 0
  at <- seq_len(K - 1); w <- if (is.null(weights)) rep(1, length(y)) else weights; if (is.null(off)) off <- 0
  list(K = K, nt = nt, X = X, reTrms = lf$reTrms, dropped = dropped, grouped = grouped, names = c(levelNames(levels(factor(d$y)), case), colnames(X)),
    rowsAt = function(par) list(eta = as.vector(X %*% par[-seq_len(nt + K - 1)]) + off, rows = orderedRows(probit, y, par[nt + at]), w = w))
}
levelNames <- function(levels, case) { l <- unlist(case$levels); paste(l[-length(l)], l[-1], sep = "|") }

orderedCase <- function(case, p, d, fo, ans) {
  weights <- if (is.null(case$weights)) NULL else d[[case$weights]]
  o <- orderedParts(case, d, fo, weights); nt <- o$nt; k <- nt + seq_len(o$K - 1); t0 <- seq_len(nt); ans$dropped <- paste(o$dropped, collapse = ",")
  f <- if (!o$grouped) function(par) { r <- o$rowsAt(par); -2 * sum(r$w * r$rows(r$eta)$log) }
    else if (case$method == "agq") quadratureOf(o$reTrms, case$points, o$rowsAt) else laplaceOf(o$reTrms, nt, o$rowsAt)
  ans$betaNames <- as.list(o$names); ans$df <- nt + length(o$names)
  # Searches go over the first threshold and the logarithms of the gaps, in orthogonal columns of X.
  R <- if (ncol(o$X)) { q <- qr(o$X); (qr.R(q) / sqrt(nrow(o$X)))[, order(q$pivot), drop = FALSE] } else matrix(0, 0, 0); b0 <- seq_along(o$names)[-seq_len(o$K - 1)] + nt
  open <- function(z) c(z[t0], cumsum(c(z[k[1]], exp(z[k[-1]]))), if (length(b0)) solve(R, z[b0]))
  shut <- function(par) c(par[t0], par[k[1]], log(diff(par[k])), if (length(b0)) R %*% par[b0])
  value <- function(z) { v <- tryCatch(f(open(z)), error = function(e) NA); if (is.finite(v)) v else 1e10 }
  lower <- c(if (nt) o$reTrms$lower, rep(-Inf, length(o$names)))
  best <- list(fval = Inf)
  try1 <- function(par, from) { r <- tryCatch(nlminb(shut(par), value, lower = lower, control = list(rel.tol = 1e-13, iter.max = 200)), error = function(e) NULL)
    if (!is.null(r) && r$objective < best$fval - 1e-9) { best <<- list(par = open(r$par), fval = r$objective); ans$bestFrom <<- from }; if (is.null(r)) NA else r$objective }
  shares <- cumsum(table(factor(d$y))) / nrow(d); link <- if (case$family == "ordinalProbit") qnorm else qlogis
  plain <- c(link(pmin(pmax(shares[-o$K], 1e-3), 1 - 1e-3)), rep(0, ncol(o$X)))
  start <- function(theta) c(if (nt) o$reTrms$theta * theta, plain)
  ans$default <- try1(start(1), "default")
  if (!o$grouped) { d$y <- factor(d$y); m <- tryCatch(suppressWarnings(MASS::polr(fo, d, weights = if (is.null(weights)) rep(1, nrow(d)) else weights, method = if (case$family == "ordinalProbit") "probit" else "logistic", control = list(reltol = 1e-14, maxit = 1000))), error = function(e) NULL)
    if (!is.null(m)) ans$default <- min(ans$default, as.numeric(m$deviance)) }
  par <- NULL
  if (isTRUE(p$ok)) { theta <- if (nt) productTheta(p, o$reTrms$cnms) else numeric(); at <- match(o$names, coefficientNames(unlist(p$labels)))
    if ((nt == 0 || !is.null(theta)) && !anyNA(at)) par <- c(theta, number(p$beta)[at]) }
  if (!is.null(par)) { ans$atProduct <- f(par); if (is.finite(ans$atProduct)) try1(par, "product") }
  if (nt && nrow(d) < 60) { try1(start(0.1), "small"); try1(start(4), "large") }
  ans$best <- best$fval; ans$thetaBest <- paste(signif(best$par, 6), collapse = " ")
  if (is.null(par)) return(ans)
  ans$exact <- ans$atProduct; ans$betaAt <- I(unname(par[-t0])); if (!nt) ans$betaAt <- I(unname(par))
  sizes <- if (nt) columnSizes(o$reTrms) else numeric(); diagonal <- if (nt) which(o$reTrms$lower == 0) else integer()
  ans$singularAt <- any(par[diagonal] * sizes < 1e-4)
  if (nt) { byTheta <- function(t) f(replace(par, t0, t)); least <- replace(numeric(nt), diagonal, 0.1 / sizes)
    ans$flat <- tryCatch(flatness(byTheta, par[t0], ans$singularAt, least, 0.003), error = function(e) NA)
    ans$flatElse <- flatElse(byTheta, par[t0], farTheta(p, o$reTrms$cnms), ans$singularAt, least, 0.003)
    ans$ranef <- laplaceModes(o$reTrms, nt, o$rowsAt, par) }
  # Second derivatives as for binary models, the columns of X orthogonal.
  W <- diag(length(o$names)); if (length(b0)) W[b0 - nt, b0 - nt] <- R
  turned <- function(x) f(c(x[t0], solve(W, x[nt + seq_along(o$names)])))
  errors <- function(by) tryCatch({ x <- c(par[t0], W %*% par[nt + seq_along(o$names)]); h <- by * c(if (nt) pmax(0.01 * thetaUnits(o$reTrms), 0.002 * abs(par[t0])), rep(min(0.02, if (o$K > 2) min(diff(par[k])) / 8 else 1), length(o$names)))
    H <- hessian(turned, x, h); D <- attr(H, "scale"); v <- 2 * D * t(D * solve(D * t(D * H))); if (nt) v <- v[-t0, -t0, drop = FALSE]; v <- diag(solve(W, t(solve(W, v)))); if (all(v > 0)) sqrt(v) else NA }, error = function(e) NA)
  se <- errors(1); half <- errors(0.5); ans$seAt <- I(rep(NA_real_, length(o$names)))
  if (!anyNA(se) && !anyNA(half) && max(abs(half / se - 1)) < 0.03) ans$seAt <- I((4 * half - se) / 3)
  ans
}

# Modes b = Lambda u and their conditional sds, by factor.
laplaceModes <- function(reTrms, nt, rowsAt, par) {
  f <- laplaceOf(reTrms, nt, rowsAt); f(par); s <- attr(f, "state")(); L <- reTrms$Lambdat; L@x <- par[seq_len(nt)][reTrms$Lind]; Lt <- as.matrix(Matrix::t(L))
  byFactor(reTrms, as.vector(Lt %*% s$u), sqrt(rowSums((Lt %*% solve(s$H)) * Lt)), sqrt(rowSums(Lt^2)))
}

# b, conditional sds and sds, level by level within each term as lme4 has them, put together by factor.
byFactor <- function(reTrms, b, condsd, tau) {
  names <- sub("\\.[0-9]+$", "", names(reTrms$cnms)); at <- function(v, i) matrix(v[(reTrms$Gp[i] + 1):reTrms$Gp[i + 1]], ncol = length(reTrms$cnms[[i]]), byrow = TRUE)
  lapply(unique(names), function(f) { terms <- which(names == f); join <- function(v) do.call(cbind, lapply(terms, function(i) at(v, i)))
    list(factor = f, labels = as.list(unlist(reTrms$cnms[terms], use.names = FALSE)), levels = as.list(levels(reTrms$flist[[f]])), modes = I(as.vector(t(join(b)))), condsd = I(as.vector(t(join(condsd)))), tau = I(as.vector(join(tau)[1, ]))) })
}
