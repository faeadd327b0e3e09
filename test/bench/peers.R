# One fit of one model by one peer, as test/bench/peers.ts asks for it:
#   Rscript peers.R <peer> <model> <data folder> <result.json> <folder for the compiled Stan models> [iterations]
# peers: jags, rstan, rstanarm, mcmcpack; compile (one Stan model, lmm or logit, once). Models written as users of each would: JAGS hierarchically centred with the glm
# module, Stan non-centred with a *_glm likelihood, rstanarm and MCMCpack by their own formulas. CPU seconds are this process's; where a program tells
# warm-up from sampling by the clock only, or not at all, CPU is split in that proportion.
suppressMessages({library(jsonlite); library(posterior)})
arguments <- commandArgs(TRUE)
peer <- arguments[1]; model <- arguments[2]; folder <- arguments[3]; out <- arguments[4]; cache <- arguments[5]; given <- as.integer(arguments[6])
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))))
cpu <- function() { x <- proc.time(); unname(x[1] + x[2]) }

# Debian's BH package has no headers of its own: the system's, by a folder that holds nothing else.
boost <- function() {
  if (dir.exists(file.path(system.file("include", package = "BH"), "boost"))) return(invisible())
  system <- Filter(function(path) dir.exists(file.path(path, "boost")), c("/usr/include", "/usr/local/include", "/opt/homebrew/include"))
  own <- file.path(cache, "boost_include"); dir.create(own, showWarnings = FALSE)
  if (length(system) > 0 && !file.exists(file.path(own, "boost"))) file.symlink(file.path(system[1], "boost"), file.path(own, "boost"))
  rstan::rstan_options(boost_lib = own)
}
if (peer == "compile") {
  suppressMessages(library(rstan)); boost(); Sys.setenv(PKG_CXXFLAGS = "-w")
  saveRDS(stan_model(file.path(here, paste0(model, ".stan"))), file.path(cache, paste0(model, ".rds")))
  quit()
}

read <- function(name) read.csv(file.path(folder, paste0(name, ".csv")), stringsAsFactors = FALSE)
contraception <- function() {
  d <- read("contraception"); d$use <- as.integer(d$use == "Y")
  list(d = d, logit = TRUE, y = "use", fixed = ~ age + urban + livch, group = "district", level2 = NULL, sb = 100, sc = 2.5, iterations = c(jags = 3000, rstan = 1000, rstanarm = 1000))
}
# y, X (n x p), Z (n x q), group, level-2 columns; the priors: sb (normal sd of beta), sc and se (half-Cauchy of tau and sigma, with LKJ(2)) for Stan;
# S (IW(3, S), for one column inverse gamma(1, S)) and inverse gamma(0.001, 0.001) on sigma^2 for the Gibbs samplers.
setting <- switch(model,
  radon_ri = { d <- read("radon_arm"); list(d = d, y = "log_radon", fixed = ~ floor, random = ~ 1, group = "county", level2 = NULL, sb = 100, sc = 2.5, se = 2.5, S = 0.05, iterations = c(jags = 2000, rstan = 1000, rstanarm = 1000, mcmcpack = 5000)) },
  radon_M4 = { d <- read("radon_arm"); list(d = d, y = "log_radon", fixed = ~ floor * log_uranium, random = ~ floor, group = "county", level2 = "log_uranium", sb = 100, sc = 2.5, se = 2.5, S = c(0.1, 0.1), iterations = c(jags = 2500, rstan = 1000, rstanarm = 700, mcmcpack = 5000)) },
  hsb = { d <- read("hsb"); d$sector <- factor(d$sector, levels = c("Public", "Catholic")); list(d = d, y = "mathach", fixed = ~ ses * sector, random = ~ ses, group = "school", level2 = "sectorCatholic", sb = 1000, sc = 2.5, se = 2.5, S = c(1, 1), iterations = c(jags = 500, rstan = 300, rstanarm = 300, mcmcpack = 2000)) },
  sleepstudy = { d <- read("sleepstudy"); list(d = d, y = "Reaction", fixed = ~ Days, random = ~ Days, group = "Subject", level2 = character(0), sb = 1000, sc = 25, se = 25, S = c(200, 20), iterations = c(jags = 5000, rstan = 1000, rstanarm = 1000, mcmcpack = 5000)) },
  oneway_tiny = { d <- read("oneway_tiny"); list(d = d, y = "y", fixed = ~ 1, random = ~ 1, group = "group", level2 = NULL, sb = 1000, sc = 10, se = 10, S = 10, iterations = c(jags = 10000, rstan = 2000, rstanarm = 2000, mcmcpack = 10000)) },
  contra_ri = c(contraception(), list(random = ~ 1, S = 0.05)),
  contra_rs = c(contraception(), list(random = ~ urban, S = c(0.1, 0.1))),
  voters_sim = list(d = read("voters_sim"), logit = TRUE, y = "y", fixed = ~ income * avgincome, random = ~ income, group = "state", level2 = "avgincome", sb = 100, sc = 2.5, S = c(0.1, 0.1), iterations = c(jags = 1000, rstan = 300, rstanarm = 300)))
d <- setting$d; chains <- 4; logit <- isTRUE(setting$logit)
iterations <- if (is.na(given)) unname(setting$iterations[peer]) else given; warmup <- if (peer %in% c("rstan", "rstanarm")) min(1000, iterations) else min(500, iterations)
X <- model.matrix(setting$fixed, d); Z <- model.matrix(setting$random, d)
levels <- unique(d[[setting$group]]); g <- match(d[[setting$group]], levels); J <- length(levels); q <- ncol(Z)
plain <- function(names) gsub("[()]", "", names)
betaNames <- paste0("beta[", plain(colnames(X)), "]"); tauNames <- paste0("tau[", plain(colnames(Z)), "]")
priors <- "its own"

# Each peer gives draws (iterations x chains x variables), hyperparameters under our names, and the CPU seconds of sampling.
if (peer == "jags") {
  suppressMessages(library(rjags)); load.module("glm", quiet = TRUE)
  priors <- "inverse-Wishart"
  first <- match(seq_along(levels), g)
  # Hierarchically centred: bb_j ~ N(W_j gamma, Sigma); what is no random column, nor one times a level-2 column, stays beside it.
  W <- cbind(1, X[first, setting$level2, drop = FALSE])
  products <- lapply(colnames(Z), function(z) c(z, if (length(setting$level2) > 0) if (z == "(Intercept)") setting$level2 else paste0(z, ":", setting$level2)))
  centred <- match(unlist(products), colnames(X)); rest <- X[, -centred, drop = FALSE]
  data <- list(N = nrow(d), J = J, g = g, y = d[[setting$y]], sb = setting$sb, S = if (q == 1) setting$S else diag(setting$S))
  if (q == 2) data$z <- Z[, 2]
  if (ncol(W) > 1) data <- c(data, list(W = unname(W), r = ncol(W)))
  if (ncol(rest) > 0) data <- c(data, list(X = unname(rest), p = ncol(rest)))
  eta <- paste0(if (q == 1) "bb[g[i]]" else "bb[g[i],1]+bb[g[i],2]*z[i]", if (ncol(rest) > 0) "+inprod(X[i,],beta[])")
  mean <- if (ncol(W) > 1) c("inprod(W[j,],g1[])", "inprod(W[j,],g2[])") else c("g1", "g2")
  normal <- "dnorm(0,1/(sb*sb))"
  code <- paste0("model{ for(i in 1:N){ ", if (logit) paste0("y[i]~dbern(pr[i]); logit(pr[i])<-", eta) else paste0("y[i]~dnorm(", eta, ",prec)"), " } ",
    if (q == 1) paste0("for(j in 1:J){ bb[j]~dnorm(", mean[1], ",ptau) } ptau~dgamma(1,S); sd1<-1/sqrt(ptau)\n")
    else paste0("for(j in 1:J){ bb[j,1:2]~dmnorm(m[j,],Om); m[j,1]<-", mean[1], "; m[j,2]<-", mean[2], " } Om~dwish(S,3); V<-inverse(Om); sd1<-sqrt(V[1,1]); sd2<-sqrt(V[2,2]); corr<-V[1,2]/(sd1*sd2)\n"),
    paste0(if (ncol(W) > 1) paste0("for(k in 1:r){ ", paste0(c("g1", "g2")[1:q], "[k]~", normal, collapse = "; "), " }") else paste0(c("g1", "g2")[1:q], "~", normal, collapse = "; "), "\n"),
    if (ncol(rest) > 0) paste0("for(k in 1:p){ beta[k]~", normal, " } "), if (!logit) "prec~dgamma(.001,.001); sigma<-1/sqrt(prec)", " }")
  monitor <- c(c("g1", "g2")[1:q], if (ncol(rest) > 0) "beta", c("sd1", "sd2")[1:q], if (q == 2) "corr", if (!logit) "sigma", "bb")
  gammas <- if (ncol(W) > 1) c(outer(paste0("[", seq_len(ncol(W)), "]"), c("g1", "g2")[1:q], function(k, name) paste0(name, k))) else c("g1", "g2")[1:q]
  rename <- c(setNames(betaNames[centred], gammas), setNames(tauNames, c("sd1", "sd2")[1:q]),
    if (ncol(rest) > 0) setNames(betaNames[-centred], if (ncol(rest) == 1) "beta" else paste0("beta[", seq_len(ncol(rest)), "]")))
  start <- lapply(seq_len(chains), function(i) list(.RNG.name = "base::Mersenne-Twister", .RNG.seed = i))
  connection <- textConnection(code); fit <- jags.model(connection, data, start, chains, n.adapt = 0, quiet = TRUE); close(connection)
  t0 <- cpu(); invisible(adapt(fit, warmup, end.adaptation = TRUE)); update(fit, warmup, progress.bar = "none"); t1 <- cpu()
  samples <- jags.samples(fit, monitor, iterations, progress.bar = "none"); t2 <- cpu()
  draws <- list()
  for (name in monitor) {
    size <- dim(samples[[name]]); base <- size[seq_len(length(size) - 2)]; count <- prod(base)
    flat <- array(samples[[name]], c(count, iterations, chains))
    for (k in seq_len(count)) {
      label <- if (count == 1) name else paste0(name, "[", paste(arrayInd(k, base), collapse = ","), "]")
      draws[[if (label %in% names(rename)) rename[[label]] else label]] <- flat[k, , ]
    }
  }
  a <- array(unlist(draws), c(iterations, chains, length(draws)), dimnames = list(NULL, NULL, names(draws)))
  warmupSeconds <- t1 - t0; samplingSeconds <- t2 - t1
}
if (peer == "rstan") {
  suppressMessages(library(rstan)); boost()
  priors <- "half-Cauchy and LKJ"
  compiled <- readRDS(file.path(cache, if (logit) "logit.rds" else "lmm.rds"))
  data <- list(N = nrow(d), p = ncol(X), q = q, J = J, X = unname(X), Z = unname(Z), g = g, y = d[[setting$y]], sb = setting$sb, sc = setting$sc, eta = 2)
  if (!logit) data <- c(data, list(se = setting$se, cp = 0L))
  t0 <- cpu()
  fit <- suppressWarnings(sampling(compiled, data = data, chains = chains, iter = warmup + iterations, warmup = warmup, cores = 1, seed = 11, refresh = 0, pars = c("beta", "tau", "Omega", "b", if (!logit) "sigma")))
  total <- cpu() - t0; clock <- colSums(get_elapsed_time(fit))
  a <- as.array(fit); names <- dimnames(a)[[3]]
  for (k in seq_along(betaNames)) names[names == paste0("beta[", k, "]")] <- betaNames[k]
  for (k in seq_along(tauNames)) names[names == paste0("tau[", k, "]")] <- tauNames[k]
  names[names == "Omega[1,2]"] <- "corr"
  keep <- !grepl("^Omega|^lp__", names); a <- a[, , keep, drop = FALSE]; dimnames(a)[[3]] <- names[keep]
  warmupSeconds <- total * clock[[1]] / sum(clock); samplingSeconds <- total * clock[[2]] / sum(clock)
}
if (peer == "rstanarm") {
  suppressMessages(library(rstanarm))
  text <- paste(setting$y, paste(deparse(setting$fixed), collapse = ""), "+ (", deparse(setting$random[[2]]), "|", setting$group, ")")
  t0 <- cpu()
  take <- if (logit) function(...) stan_glmer(..., family = binomial) else stan_lmer
  fit <- suppressWarnings(take(as.formula(text), d, chains = chains, iter = warmup + iterations, warmup = warmup, cores = 1, seed = 11, refresh = 0))
  total <- cpu() - t0; clock <- colSums(rstan::get_elapsed_time(fit$stanfit))
  a <- as.array(fit$stanfit); names <- dimnames(a)[[3]]
  a <- a[, , !grepl("^mean_PPD|^log-posterior|^lp__|_NEW_", names), drop = FALSE]
  warmupSeconds <- total * clock[[1]] / sum(clock); samplingSeconds <- total * clock[[2]] / sum(clock)
}
if (peer == "mcmcpack") {
  suppressMessages(library(MCMCpack))
  d[[setting$group]] <- factor(d[[setting$group]])
  priors <- "inverse-Wishart"
  # IW(r, r R): for one column inverse gamma(1, S) is IW(2, 2 S).
  r <- if (q == 1) 2 else 3; R <- if (q == 1) matrix(setting$S) else diag(setting$S) / 3
  t0 <- cpu()
  fits <- lapply(seq_len(chains), function(chain) {
    set.seed(chain)
    invisible(capture.output(one <- MCMChregress(fixed = update(setting$fixed, as.formula(paste(setting$y, "~ ."))), random = setting$random, group = setting$group,
      data = d, burnin = warmup, mcmc = iterations, thin = 1, verbose = 0, seed = chain, mubeta = 0, Vbeta = setting$sb^2, r = r, R = R, nu = 0.001, delta = 0.001)))
    as.matrix(one$mcmc)
  })
  total <- cpu() - t0
  names <- colnames(fits[[1]])
  one <- function(m) {
    V <- m[, grepl("^VCV", names), drop = FALSE]
    tau <- sqrt(V[, if (q == 1) 1 else c(1, 4), drop = FALSE]); colnames(tau) <- tauNames
    beta <- m[, grepl("^beta", names), drop = FALSE]; colnames(beta) <- betaNames
    cbind(beta, tau, if (q == 2) cbind(corr = V[, 2] / (tau[, 1] * tau[, 2])), sigma = sqrt(m[, "sigma2"]), m[, grepl("^b\\.", names), drop = FALSE])
  }
  parts <- lapply(fits, one)
  a <- array(0, c(iterations, chains, ncol(parts[[1]])), dimnames = list(NULL, NULL, colnames(parts[[1]])))
  for (chain in seq_len(chains)) a[, chain, ] <- parts[[chain]]
  warmupSeconds <- total * warmup / (warmup + iterations); samplingSeconds <- total - warmupSeconds
}

bulk <- apply(a, 3, ess_bulk); tail <- apply(a, 3, ess_tail); names <- dimnames(a)[[3]]
hyper <- names %in% c(betaNames, tauNames, "corr", "sigma")
summary <- lapply(setNames(which(hyper), names[hyper]), function(k) list(mean = mean(a[, , k]), sd = sd(a[, , k]), mcse = mcse_mean(a[, , k])))
package <- c(jags = "rjags", rstan = "rstan", rstanarm = "rstanarm", mcmcpack = "MCMCpack")[[peer]]
version <- paste(package, packageVersion(package), if (peer == "jags") paste("on JAGS", jags.version()) else "")
write_json(list(version = trimws(version), R = R.version.string, priors = priors, iterations = iterations, warmup = warmup, parameters = length(names), warmupSeconds = warmupSeconds, samplingSeconds = samplingSeconds,
  bulk = min(bulk), bulkMedian = median(bulk), tail = min(tail), tailMedian = median(tail), worst = names[which.min(bulk)], rhat = max(apply(a, 3, rhat)), hyper = summary), out, auto_unbox = TRUE, digits = NA)
