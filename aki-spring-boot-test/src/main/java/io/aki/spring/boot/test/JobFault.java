package io.aki.spring.boot.test;

import java.time.Duration;

/**
 * What a fault does to a job while the server acts on a request.
 */
interface JobFault {

	/**
	 * The job fares as it would.
	 */
	JobFault NONE = new JobFault() {
	};

	/**
	 * A polled job lapses.
	 */
	JobFault LAPSE = new JobFault() {

		@Override
		public void beforePoll(JobRegistry registry, String jobId) {
			registry.lapse(jobId);
		}

		@Override
		public boolean needsJobUnderWay() {
			return true;
		}

	};

	/**
	 * A polled job's result is not there any more.
	 */
	JobFault LOSE_RESULT = new JobFault() {

		@Override
		public void beforePoll(JobRegistry registry, String jobId) {
			registry.loseResult(jobId);
		}

	};

	/**
	 * A cancel is not heeded.
	 */
	JobFault IGNORE_CANCEL = new JobFault() {

		@Override
		public boolean honorsCancel() {
			return false;
		}

		@Override
		public boolean needsJobUnderWay() {
			return true;
		}

	};

	/**
	 * The job's worker vanishes.
	 */
	JobFault WORKER_GONE = new JobFault() {

		@Override
		public Work replace(Work work) {
			return new AbandonedWork(work, 0);
		}

		@Override
		public void beforePoll(JobRegistry registry, String jobId) {
			registry.abandonWork(jobId);
		}

		@Override
		public boolean needsJobUnderWay() {
			return true;
		}

	};

	/**
	 * The job's worker reports an error.
	 */
	static JobFault workerError(String error) {
		FailingWork failing = new FailingWork(error);
		return new JobFault() {

			@Override
			public Work replace(Work work) {
				return failing;
			}

			@Override
			public void beforePoll(JobRegistry registry, String jobId) {
				registry.failWork(jobId, failing);
			}

			@Override
			public boolean needsJobUnderWay() {
				return true;
			}

		};
	}

	/**
	 * The server's clock jumps.
	 */
	static JobFault clockJump(Duration duration) {
		return new JobFault() {

			@Override
			public void beforeActing(JobRegistry registry) {
				registry.jump(duration);
			}

		};
	}

	/**
	 * Whether it strikes only jobs that have not ended, or whose result is due.
	 */
	default boolean needsJobUnderWay() {
		return false;
	}

	/**
	 * Comes before a request is acted upon.
	 */
	default void beforeActing(JobRegistry registry) {
	}

	/**
	 * Comes before a poll or a cancel is acted upon.
	 */
	default void beforePoll(JobRegistry registry, String jobId) {
	}

	/**
	 * Decides what is done for a job that is being accepted.
	 */
	default Work replace(Work work) {
		return work;
	}

	/**
	 * Whether a cancel is heeded.
	 */
	default boolean honorsCancel() {
		return true;
	}

}
