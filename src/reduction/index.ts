// Every public name of the entry partial-pooling/database.
export type { Model } from '../formula/readModel.ts';
export type { Query } from './asking.ts';
export type { DialectName } from './dialect.ts';
export { type FromReducedOptions, fromReduced, type StatementResult } from './fromReduced.ts';
export { type ReduceOptions, reduce } from './reduce.ts';
export type { ReducedTable, ReducedValue } from './reducedTable.ts';
export type { ColumnKind, TableColumns } from './reductionPlan.ts';
export { type ReductionSql, type ReductionSqlOptions, reductionSql } from './reductionSql.ts';
export type { TableName } from './tableName.ts';
