# Times posterior::summarise_draws on the draws that test/bench/diagnostics.ts wrote: doubles, [variable][chain][draw].
# Arguments: file, variables, chains, draws. Prints processor seconds of posterior's default measures, seconds of ours, then one row per variable.
arguments <- commandArgs(TRUE)
variables <- as.integer(arguments[2]); chains <- as.integer(arguments[3]); draws <- as.integer(arguments[4])
x <- array(readBin(arguments[1], "double", variables * chains * draws), c(draws, chains, variables))
x <- posterior::as_draws_array(x)
seconds <- function(times) times[["user.self"]] + times[["sys.self"]]
default <- seconds(system.time(posterior::summarise_draws(x)))
same <- seconds(system.time(table <- posterior::summarise_draws(x, "mean", "sd", ~posterior::quantile2(.x, c(0.05, 0.5, 0.95)),
                                                        "mcse_mean", "rhat", "ess_bulk", "ess_tail")))
cat(default, same, sep = "\n")
cat("\n")
write.table(format(as.matrix(table[, -1]), digits = 17), quote = FALSE, row.names = FALSE, col.names = FALSE)
