package io.aki.spring.boot.test;

import java.time.Duration;

/**
 * The effect of a fault on the job of a request. The routes apply it when they process
 * the request.
 */
interface JobFault {

	/**
	 * No effect.
	 */
	JobFault NONE = new JobFault() {
	};

	/**
	 * Lets a polled job lapse.
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
	 * Loses the result of a polled job.
	 */
	JobFault LOSE_RESULT = new JobFault() {

		@Override
		public void beforePoll(JobRegistry registry, String jobId) {
			registry.loseResult(jobId);
		}

	};

	/**
	 * Ignores a cancel request.
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
	 * Removes the worker of the job.
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
	 * Return a fault that ends the job with an error of the worker.
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
	 * Return a fault that changes the server's clock.
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
	 * Return whether the fault applies only to a job that has not ended or whose result
	 * is due.
	 */
	default boolean needsJobUnderWay() {
		return false;
	}

	/**
	 * Change the registry before the server processes a request.
	 */
	default void beforeActing(JobRegistry registry) {
	}

	/**
	 * Change a job before the server processes a poll or a cancel request of the job.
	 */
	default void beforePoll(JobRegistry registry, String jobId) {
	}

	/**
	 * Return the work for a job that is accepted. It may replace the original work.
	 */
	default Work replace(Work work) {
		return work;
	}

	/**
	 * Return whether the server executes cancel requests.
	 */
	default boolean honorsCancel() {
		return true;
	}

}
