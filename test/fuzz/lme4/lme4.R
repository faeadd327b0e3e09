# Rscript lme4.R DIR: fits DIR/cases.json (and its CSV files) by lme4, evaluates lme4's criterion at the product's
# theta (DIR/product.ndjson), lets its search start there and elsewhere, and asks glmmTMB now and then; writes
# DIR/r.ndjson, a line a case. See lme4.ts for what is compared.
suppressMessages({ library(lme4); library(jsonlite); library(Matrix) })
withTMB <- suppressMessages(suppressWarnings(requireNamespace("glmmTMB", quietly = TRUE)))
arguments <- commandArgs(FALSE)
here <- dirname(sub("^--file=", "", grep("^--file=", arguments, value = TRUE)))
for (file in c("referees.R", "ordered.R", "residuals.R")) source(file.path(here, file))
dir <- commandArgs(TRUE)[1]
cases <- fromJSON(file.path(dir, "cases.json"), simplifyVector = FALSE)
product <- lapply(readLines(file.path(dir, "product.ndjson")), fromJSON, simplifyVector = FALSE)
names(product) <- sapply(product, `[[`, "id")
out <- file.path(dir, "r.ndjson"); cat("", file = out)
SECONDS <- 20 # of one case
number <- function(v) as.numeric(unlist(v))

checks <- list(check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore", check.nobs.vs.rankZ = "ignore", check.scaleX = "ignore",
  check.nlev.gtr.1 = "ignore", check.rankX = "silent.drop.cols", check.conv.singular = "ignore", calc.derivs = FALSE, optimizer = "bobyqa")
gaussControl <- do.call(lmerControl, c(checks, list(optCtrl = list(maxfun = 4000, rhobeg = 0.2, rhoend = 2e-9))))
glmControl <- do.call(glmerControl, c(checks, list(tolPwrss = 1e-11, optCtrl = list(maxfun = 4000, rhoend = 1e-8))))

# Modes and conditional sds by factor; ranef merges the parts that || makes of one factor.
deviations <- function(m) {
  re <- ranef(m, condVar = TRUE); vc <- unclass(VarCorr(m))
  lapply(names(re), function(f) {
    v <- attr(re[[f]], "postVar"); d <- re[[f]]; q <- ncol(d)
    one <- function(a) t(matrix(sqrt(apply(a, 3, diag)), dim(a)[1]))
    sds <- if (is.list(v)) do.call(cbind, lapply(v, one)) else one(v)
    tau <- unlist(lapply(vc[grepl(paste0("^", f, "(\\.[0-9]+)?$"), names(vc))], function(b) attr(b, "stddev")))
    list(factor = f, labels = as.list(names(d)), levels = as.list(rownames(d)), modes = I(as.vector(t(as.matrix(d)))),
      condsd = I(as.vector(t(sds))), tau = I(unname(tau[seq_len(q)])))
  })
}

# The same with modes, conditional sds and the unit of sds from the better sum: they go level by level within each term,
# and || makes several terms of one factor.
exactModes <- function(ranef, reTrms, exactly, ratio) { condsd <- exactly$condsd(); lapply(ranef, function(g) {
  terms <- which(sub("\\.[0-9]+$", "", names(reTrms$cnms)) == g$factor); levels <- length(g$levels)
  put <- function(v) do.call(cbind, lapply(terms, function(i) matrix(v[(reTrms$Gp[i] + 1):reTrms$Gp[i + 1]], levels, byrow = TRUE)))
  if (ncol(put(exactly$b)) == length(g$labels)) { g$modes <- I(as.vector(t(put(exactly$b)))); g$condsd <- I(as.vector(t(put(condsd)))) }
  g$tau <- I(ratio * g$tau); g
}) }

# The product's theta in lme4's order, or NULL where the names do not match.
productTheta <- function(p, cnms) {
  if (!isTRUE(p$ok)) return(NULL)
  own <- ownThetaNames(cnms); names <- gsub("within\\([^)]*\\)", "xw", thetaNames(unlist(p$thetaLabels)))
  o <- match(own, names)
  if (anyNA(o) || length(names) != length(own)) NULL else number(p$theta)[o]
}

# The diagonal entries of theta whose sds the product withholds.
withheldTheta <- function(p, cnms) {
  labels <- unlist(lapply(p$groups, function(g) paste0(g$factor, "[", unlist(g$labels), "]")[unlist(lapply(g$tau, identical, "NaN"))]))
  if (length(labels)) match(thetaNames(labels), ownThetaNames(cnms)) else integer()
}

# The entries of theta whose sds the product calls no measure of anything.
farTheta <- function(p, cnms) if (length(p$far)) match(thetaNames(unlist(p$far)), ownThetaNames(cnms)) else integer()
# `flatness` with those held.
flatElse <- function(criterion, theta, far, singular, least, step) { rest <- setdiff(seq_along(theta), far)
  if (!length(far) || !length(rest)) NA else tryCatch(flatness(function(t) criterion(replace(theta, rest, t)), theta[rest], singular, least[rest], step), error = function(e) NA) }

one <- function(case) {
  p <- product[[case$id]]
  d <- read.csv(file.path(dir, paste0(case$id, ".csv")), stringsAsFactors = TRUE)
  fo <- as.formula(case$formulaR); environment(fo) <- environment()
  weights <- if (is.null(case$weights)) NULL else d[[case$weights]]
  ans <- list(id = case$id, ok = TRUE, dropped = ""); messages <- character()
  quiet <- function(e) withCallingHandlers(e,
    warning = function(w) { messages <<- c(messages, conditionMessage(w)); invokeRestart("muffleWarning") },
    message = function(m) { messages <<- c(messages, conditionMessage(m)); invokeRestart("muffleMessage") })
  gaussian <- case$family == "gaussian"
  if (!is.null(case$errors)) return(known(case, p, d, fo, ans))
  if (case$kind == "ordinal") return(orderedCase(case, p, d, fo, ans))
  if (case$kind == "residual") return(residualCase(case, p, d, fo, ans))

  # The criterion, its start and a search from anywhere.
  if (gaussian) {
    reml <- case$method == "REML"
    a <- list(formula = fo, data = d, REML = reml, control = gaussControl); if (!is.null(weights)) a$weights <- weights
    lf <- quiet(do.call(lFormula, a)); steady <- steadied(lf, weights, reml); given <- if (is.null(steady)) lf else steady$lf
    constant <- if (is.null(steady)) 0 else steady$constant; dev0 <- do.call(mkLmerDevfun, c(given, list(control = gaussControl)))
    nt <- length(lf$reTrms$theta); start <- lf$reTrms$theta + 0; dev <- function(theta) dev0(theta) + constant
    run <- function(s) { o <- quiet(optimizeLmer(dev0, optimizer = "bobyqa", restart_edge = TRUE, boundary.tol = 1e-5, start = as.numeric(s),
      control = gaussControl$optCtrl, calc.derivs = FALSE)); list(par = o$par, fval = o$fval + constant) }
  } else {
    fam <- binomial(if (case$family == "probit") "probit" else "logit"); points <- if (case$method == "agq") case$points else 1L
    a <- list(formula = fo, data = d, family = fam, control = glmControl); if (!is.null(weights)) a$weights <- weights
    lf <- quiet(do.call(glFormula, a)); dev0 <- quiet(do.call(mkGlmerDevfun, c(lf, list(control = glmControl))))
    first <- quiet(optimizeGlmer(dev0, optimizer = "bobyqa", control = list(maxfun = 4000)))
    rho <- environment(dev0); rho$nAGQ <- points; dev <- updateGlmerDevfun(dev0, lf$reTrms, nAGQ = points)
    nt <- length(lf$reTrms$theta); beta <- rho$pp$beta(1)
    start <- c(first$par, if (length(beta) == ncol(lf$X)) beta else rep(0, ncol(lf$X)))
    lower <- c(lf$reTrms$lower, rep(-Inf, ncol(lf$X)))
    run <- function(s) { o <- quiet(minqa::bobyqa(s, dev, lower = lower, control = list(rhobeg = 0.02, rhoend = 1e-8, maxfun = 4000))); list(par = o$par, fval = o$fval) }
  }
  ans$dropped <- paste(names(attr(lf$X, "col.dropped")), collapse = ",")
  diagonal <- which(lf$reTrms$lower == 0); sizes <- columnSizes(lf$reTrms)
  theta <- productTheta(p, lf$reTrms$cnms); par <- theta
  qr <- if (gaussian) gaussianExact(lf, weights, reml) else NULL
  smooth <- if (gaussian) NULL else if (points == 1) laplaceExact(lf, fam, nt) else quadratureExact(lf, fam, points)
  if (!gaussian && !is.null(theta)) {
    o <- match(colnames(lf$X), coefficientNames(unlist(p$labels)))
    par <- if (anyNA(o)) NULL else c(theta, number(p$beta)[o])
  }
  best <- first0 <- run(start); ans$default <- best$fval; ans$bestFrom <- "default"
  try1 <- function(s, from) { r <- tryCatch(run(s), error = function(e) NULL)
    if (!is.null(r) && is.finite(r$fval) && r$fval < best$fval - 1e-9) { best <<- r; ans$bestFrom <<- from } }
  if (!is.null(par)) { ans$atProduct <- dev(par); if (is.finite(ans$atProduct)) try1(par, "product") }
  if (nrow(d) < if (gaussian) 1300 else 100) {
    t0 <- seq_len(nt)
    try1(replace(start, t0, start[t0] * 0.05 + 0.01 * (start[t0] != 0)), "small"); try1(replace(start, t0, start[t0] * 8 + 0.3), "large")
    # Each sd alone far below the others, and far above them.
    if (gaussian && length(diagonal) > 1) for (k in diagonal) { try1(replace(start, diagonal, ifelse(diagonal == k, 0.01, 3)), paste("small", k)); try1(replace(start, diagonal, ifelse(diagonal == k, 8, 0.1)), paste("large", k)) }
  }
  try1(best$par, ans$bestFrom)
  ans$best <- best$fval; ans$thetaBest <- paste(signif(best$par, 6), collapse = " "); ans$thetaMost <- max(best$par[diagonal])
  # Where rounding or PIRLS has lost lme4's digits, what it calls the best is judged by a better sum.
  better <- if (gaussian) qr else function(par) list(value = tryCatch(smooth(par), error = function(e) NULL))
  if (!is.null(better)) { v <- better(best$par)$value; ans$best <- if (is.null(v)) NA else v
    if (ans$bestFrom == "default") ans$default <- ans$best else if (!gaussian) { v <- better(first0$par)$value; if (!is.null(v)) ans$default <- v } }
  # What the product refuses as unbounded is looked at with all digits.
  if (identical(p$code, "residual-scale") && !is.null(qr) && diff(range(d$y)) > 1e4 * .Machine$double.eps * max(abs(d$y))) { set.seed(case$seed); e <- endless(qr, lf$reTrms, sizes); ans$ahead <- e$ahead; ans$far <- e$far
    # Where it levels off the limit depends on the proportions of sds: those where the product's search ended.
    own <- productTheta(list(ok = TRUE, theta = p$theta, thetaLabels = p$thetaLabels), lf$reTrms$cnms)
    if (!is.null(own)) { v <- qr(own)$value; if (!is.null(v)) ans$far <- min(ans$far, v) } }

  # lme4's answers at the product's parameters.
  at <- if (is.null(par)) best$par else par
  exactly <- if (is.null(qr)) NULL else qr(at)
  if (!is.null(par)) { ans$singularAt <- any(at[diagonal] * sizes < 1e-4)
    dense <- if (gaussian) dev else smooth
    criterion <- if (is.null(qr)) function(t) dense(replace(at, seq_len(nt), t)) else function(t) qr(t)$value
    if (gaussian) ans$dependent <- tryCatch(dependent(lf, weights, reml), error = function(e) NA)
    least <- replace(numeric(nt), diagonal, 0.1 / sizes); step <- if (is.null(qr) && identical(dense, dev)) 0.02 else 0.003
    ans$flat <- tryCatch(flatness(criterion, at[seq_len(nt)], ans$singularAt, least, step), error = function(e) NA)
    ans$flatElse <- flatElse(criterion, at[seq_len(nt)], farTheta(p, lf$reTrms$cnms), ans$singularAt, least, step) }
  if (!is.null(par)) { unknown <- withheldTheta(p, lf$reTrms$cnms)
    if (length(unknown)) ans$withheld <- tryCatch(criterion(replace(at[seq_len(nt)], unknown, 1 / sizes[match(unknown, diagonal)])) - criterion(at[seq_len(nt)]), error = function(e) NA) }
  value <- dev(at)
  m <- mkMerMod(environment(if (gaussian) dev0 else dev), list(par = at, fval = value, conv = 0, message = ""), lf$reTrms, fr = if (gaussian) given$fr else lf$fr)
  ans$df <- attr(logLik(m), "df"); ans$ranef <- deviations(m); ans$betaNames <- as.list(colnames(lf$X))
  if (gaussian) {
    if (!is.null(exactly)) ans$exact <- exactly$value
    V <- as.matrix(vcov(m)); ans$betaAt <- I(unname(if (is.null(steady)) fixef(m) else steady$beta(fixef(m))))
    ans$seAt <- I(unname(if (is.null(steady)) sqrt(diag(V)) else steady$se(V))); ans$sigmaAt <- sigma(m)
    # Where nothing has digits nothing is compared: sds of 10 000 sigma among more rows than a QR takes.
    if (is.null(qr) && max(at[diagonal] * sizes) > 1e4) ans <- ans[setdiff(names(ans), c("betaAt", "seAt", "sigmaAt", "ranef"))]
    if (!is.null(exactly)) { ans$betaAt <- I(unname(exactly$beta)); ans$seAt <- I(unname(exactly$se)); ans$sigmaAt <- exactly$sigma; ans$ranef <- exactModes(ans$ranef, lf$reTrms, exactly, exactly$sigma / sigma(m)) }
  } else {
    ans$betaAt <- I(unname(at[-seq_len(nt)])); if (!is.null(par)) ans$exact <- tryCatch(smooth(at), error = function(e) NA)
    # Second derivatives of the criterion to rounding, where columns of X are orthogonal: a year and its intercept have
    # standard errors of a thousand of their joint steps.
    R <- qr.R(qr(lf$X)) / sqrt(nrow(lf$X)); R <- R[, order(qr(lf$X)$pivot), drop = FALSE]; t0 <- seq_len(nt)
    turned <- function(x) smooth(c(x[t0], solve(R, x[-t0])))
    held <- as.matrix(vcov(m, use.hessian = FALSE)); steps <- 0.02 * sqrt(pmax(diag(R %*% held %*% t(R)), 0))
    steps <- pmin(pmax(steps, 1e-3), 0.03)
    errors <- function(by) tryCatch({
      H <- hessian(turned, c(at[t0], R %*% at[-t0]), by * c(pmax(0.01 * thetaUnits(lf$reTrms), 0.002 * abs(at[t0])), steps))
      D <- attr(H, "scale"); v <- 2 * D * t(D * solve(D * t(D * H))); v <- diag(solve(R, t(solve(R, v[-t0, -t0, drop = FALSE]))))
      if (all(v > 0)) sqrt(v) else NA }, error = function(e) NA)
    # Differences at two steps, and from them without their error of second order; where it is not small they say nothing.
    se <- errors(1); half <- errors(0.5); ans$seAt <- I(rep(NA_real_, length(at) - nt)); ans$seSteps <- NA
    if (!anyNA(se) && !anyNA(half)) { ans$seSteps <- max(abs(half / se - 1)); if (ans$seSteps < 0.03) ans$seAt <- I((4 * half - se) / 3) }
    if (points > 1 && is.null(weights)) { # lme4's quadrature leaves out what depends on the rows alone
      y <- rho$resp$y; w <- rho$resp$weights; constant <- -2 * sum(dbinom(round(y * w), round(w), y, log = TRUE))
      for (f in c("atProduct", if (ans$bestFrom != "default" && is.null(v)) "default")) if (!is.null(ans[[f]])) ans[[f]] <- ans[[f]] + constant
    }
  }
  if (withTMB && nrow(d) < 2000 && case$seed %% 2 == 0 && (gaussian && case$method == "ML" && is.null(weights) || case$family == "binomial" && case$method == "laplace"))
    ans$tmb <- tryCatch({
      a <- list(formula = fo, data = d, family = if (gaussian) stats::gaussian() else binomial()); if (!is.null(weights)) a$weights <- weights
      tmb <- quiet(do.call(glmmTMB::glmmTMB, a)); value <- -2 * as.numeric(logLik(tmb))
      # Its own sums lose digits at large sds as well: at its covariances by the sum that does not.
      sums <- if (is.null(qr)) NULL else tryCatch({ vc <- glmmTMB::VarCorr(tmb)$cond; cnms <- lf$reTrms$cnms; stopifnot(!anyDuplicated(names(cnms)), setequal(names(vc), names(cnms)))
        qr(unlist(lapply(names(cnms), function(f) { L <- t(chol(vc[[f]])) / sigma(tmb); L[lower.tri(L, TRUE)] })))$value }, error = function(e) NULL)
      if (is.null(sums)) value else sums
    }, error = function(e) NA)
  ans$messages <- paste(unique(messages), collapse = "; ")
  ans
}

known <- function(case, p, d, fo, ans) {
  lf <- lFormula(fo, d, control = gaussControl); exact <- gaussianExact(lf, NULL, case$method == "REML", d[[case$errors]])
  f <- function(theta) { v <- if (is.null(exact)) NULL else exact(theta)$value; if (is.null(v)) 1e300 else v }
  theta <- productTheta(p, lf$reTrms$cnms); diagonal <- which(lf$reTrms$lower == 0); best <- list(fval = Inf)
  starts <- list(lf$reTrms$theta * sd(d$y), lf$reTrms$theta * sd(d$y) * 0.01)
  for (k in diagonal) starts <- c(starts, list(replace(lf$reTrms$theta * sd(d$y), diagonal, ifelse(diagonal == k, 0.01, 1) * sd(d$y))))
  if (!is.null(theta)) { at <- if (is.null(exact)) NULL else exact(theta); ans$atProduct <- f(theta); ans$exact <- if (is.null(at)) NA else at$value; if (!is.null(at)) { ans$betaNames <- as.list(colnames(lf$X)); ans$betaAt <- I(unname(at$beta)); ans$seAt <- I(unname(at$se)) }; starts <- c(starts, list(theta)) }
  for (s in starts) { r <- minqa::bobyqa(s, f, lower = lf$reTrms$lower, control = list(rhoend = 1e-9 * sd(d$y), rhobeg = 0.2 * sd(d$y), maxfun = 4000)); if (r$fval < best$fval) best <- r }
  ans$best <- ans$default <- best$fval; ans$thetaBest <- paste(signif(best$par, 6), collapse = " "); ans$bestFrom <- "dense"; ans$df <- ncol(lf$X) + length(lf$reTrms$lower)
  ans
}

for (case in cases) {
  ans <- tryCatch({ setTimeLimit(elapsed = SECONDS, transient = TRUE); one(case) }, error = function(e) list(id = case$id, ok = FALSE, error = conditionMessage(e)))
  setTimeLimit()
  cat(toJSON(ans, auto_unbox = TRUE, digits = NA, na = "string", null = "null"), "\n", file = out, append = TRUE, sep = "")
}
