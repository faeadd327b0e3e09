# Median CPU seconds of glmer on the cases of generalized.ts. Rscript generalized.R <folder with the data sets> ; prints one JSON line.
suppressMessages(library(lme4))
folder <- commandArgs(TRUE)[1]
read <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))
co <- read("contraception"); co$y <- as.integer(co$use == "Y"); co$livch <- factor(co$livch); va <- read("verbagg"); va$y <- as.integer(va$r2 == "Y"); v <- read("voters_sim")
cases <- list(contraception_ri = list(y ~ age + urban + livch + (1 | district), co, 1), contraception_agq9 = list(y ~ age + urban + livch + (1 | district), co, 9),
              contraception_rs = list(y ~ age + urban + livch + (1 + urban | district), co, 1), voters_rs = list(y ~ income * avgincome + (1 + income | state), v, 1),
              verbagg = list(y ~ Anger + Gender + btype + situ + (1 | id) + (1 | item), va, 1))
seconds <- sapply(cases, function(case) {
  fit <- function() suppressWarnings(suppressMessages(glmer(case[[1]], case[[2]], family = binomial, nAGQ = case[[3]])))
  first <- sum(system.time(fit())[c("user.self", "sys.self")])
  if (first > 5) first else median(replicate(5, sum(system.time(fit())[c("user.self", "sys.self")])))
})
cat("{", paste0("\"", names(seconds), "\":", format(seconds, digits = 6), collapse = ","), "}\n", sep = "")
