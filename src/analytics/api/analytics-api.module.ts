import { Module } from '@nestjs/common';
import { AnalyticsController } from './analytics.controller.js';
import { RecordReader } from './record-reader.js';

/** Answers questions about the records that were kept. */
@Module({ controllers: [AnalyticsController], providers: [RecordReader] })
export class AnalyticsApiModule {}
