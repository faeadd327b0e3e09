# Median CPU seconds of lmer on the cases of likelihood.ts. Rscript likelihood.R <folder with the data sets> ; prints one JSON line.
suppressMessages(library(lme4))
folder <- commandArgs(TRUE)[1]
read <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))
hsb <- read("hsb"); hsb$sector <- factor(hsb$sector, levels = c("Public", "Catholic"))
cases <- list(radon = list(log_radon ~ floor * log_uranium + (1 + floor | county), read("radon_arm")), hsb = list(mathach ~ ses * sector + (1 + ses | school), hsb),
              sleepstudy = list(Reaction ~ Days + (1 + Days | Subject), read("sleepstudy")), penicillin = list(diameter ~ 1 + (1 | plate) + (1 | sample), read("penicillin")),
              insteval_sub = list(y ~ service + (1 | s) + (1 | d), read("insteval_sub")))
seconds <- sapply(cases, function(case) {
  fit <- function() suppressWarnings(suppressMessages(lmer(case[[1]], case[[2]])))
  fit()
  median(replicate(7, sum(system.time(fit())[c("user.self", "sys.self")])))
})
cat("{", paste0("\"", names(seconds), "\":", format(seconds, digits = 6), collapse = ","), "}\n", sep = "")
